"""Rules of Jobs that schemas cannot say (pkg/apis/batch/validation), and our own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from yule_runner.kubernetes.names import LONGEST_NAME

__all__ = ["LARGEST_MANIFEST", "problems"]

Json = dict[str, Any]

LARGEST_MANIFEST = 100_000
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_SECRET = re.compile(r"passw|secret|token|credential|api_?key", re.IGNORECASE)
_MOST_PARALLEL = 100_000
_MANY_INDEXES = 100_000
_MOST_OF_MANY = 10_000


def problems(manifest: Json) -> Iterator[str]:
    """Yield what is wrong with a Job, each as `path: what, and what to do`."""
    spec = manifest["spec"]
    yield from _name_problems(manifest["metadata"]["name"], spec)
    yield from _label_problems(manifest["metadata"], "metadata")
    yield from _label_problems(spec["template"].get("metadata", {}), "spec.template.metadata")
    if spec.get("completionMode") == "Indexed":
        yield from _index_problems(spec)
    yield from _policy_problems(spec)
    yield from _pod_problems(spec["template"]["spec"])
    size = len(json.dumps(manifest).encode())
    if size > LARGEST_MANIFEST:
        yield (
            f"manifest: it has {size:,} bytes, and {LARGEST_MANIFEST:,} are the most: keep what "
            "grows with the number of tasks in the work order"
        )


def _name_problems(name: str, spec: Json) -> Iterator[str]:
    last = (spec.get("completions") or 1) - 1
    host = f"{name}-{last}"
    if not _NAME.fullmatch(name):
        yield (
            f"metadata.name: {name!r} must consist of lower-case letters, digits and hyphens, and "
            "begin and end with a letter or digit"
        )
    if len(host) > LONGEST_NAME:
        yield (
            f"metadata.name: the pod of the last index would be called {host!r}, which has "
            f"{len(host)} characters; {LONGEST_NAME} are the most"
        )


def _label_problems(metadata: Json, path: str) -> Iterator[str]:
    for key, value in metadata.get("labels", {}).items():
        if not _LABEL_VALUE.fullmatch(value):
            yield (
                f"{path}.labels[{key}]: {value!r} must have at most 63 letters, digits, hyphens, "
                "underscores or dots, and begin and end with a letter or digit"
            )


def _index_problems(spec: Json) -> Iterator[str]:
    completions, parallelism = spec.get("completions"), spec.get("parallelism", 1)
    failed = spec.get("maxFailedIndexes")
    if completions is None:
        yield "spec.completions: an Indexed Job must say how many indexes it has"
        return
    if parallelism > _MOST_PARALLEL:
        yield f"spec.parallelism: {parallelism:,} is more than {_MOST_PARALLEL:,}, the most"
    if failed is not None and failed > completions:
        yield f"spec.maxFailedIndexes: {failed} is more than there are indexes, {completions}"
    if completions > _MANY_INDEXES and spec.get("backoffLimitPerIndex") is not None:
        if parallelism > _MOST_OF_MANY:
            yield f"spec.parallelism: {_MOST_OF_MANY:,} is the most above {_MANY_INDEXES:,} indexes"
        if failed is None or failed > _MOST_OF_MANY:
            yield (
                f"spec.maxFailedIndexes: above {_MANY_INDEXES:,} indexes it must be at most "
                f"{_MOST_OF_MANY:,}"
            )


def _policy_problems(spec: Json) -> Iterator[str]:
    is_indexed = spec.get("completionMode") == "Indexed"
    for field in ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"):
        if spec.get(field) is not None and not is_indexed:
            yield f"spec.{field}: needs `completionMode: Indexed`"
    if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
        yield "spec.maxFailedIndexes: needs `backoffLimitPerIndex`"
    policy = spec.get("podFailurePolicy")
    if policy is None:
        return
    if spec["template"]["spec"].get("restartPolicy") != "Never":
        yield "spec.template.spec.restartPolicy: a podFailurePolicy needs `Never`"
    if spec.get("podReplacementPolicy", "Failed") != "Failed":
        yield "spec.podReplacementPolicy: a podFailurePolicy needs `Failed`"
    names = {each["name"] for each in spec["template"]["spec"]["containers"]}
    for place, rule in enumerate(policy["rules"]):
        yield from _rule_problems(spec, rule, f"spec.podFailurePolicy.rules[{place}]", names)


def _rule_problems(spec: Json, rule: Json, path: str, names: set[str]) -> Iterator[str]:
    if rule["action"] == "FailIndex" and spec.get("backoffLimitPerIndex") is None:
        yield f"{path}.action: FailIndex needs `backoffLimitPerIndex`"
    if ("onExitCodes" in rule) == bool(rule.get("onPodConditions")):
        yield f"{path}: give one of onExitCodes and onPodConditions"
    codes = rule.get("onExitCodes")
    if codes is None:
        return
    values = codes["values"]
    if not values or values != sorted(set(values)) or len(values) > 255:
        yield f"{path}.onExitCodes.values: {values} must be 1 to 255 different codes in order"
    if codes["operator"] == "In" and 0 in values:
        yield f"{path}.onExitCodes.values: 0 is success, and cannot be among failures"
    container = codes.get("containerName")
    if container is not None and container not in names:
        yield f"{path}.onExitCodes.containerName: there is no container {container!r}"


def _pod_problems(pod: Json) -> Iterator[str]:
    volumes = {volume["name"] for volume in pod.get("volumes", [])}
    for place, container in enumerate(pod["containers"]):
        path = f"spec.template.spec.containers[{place}]"
        if "@sha256:" not in container.get("image", ""):
            yield f"{path}.image: {container.get('image')!r} has no digest"
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"{path}.volumeMounts: there is no volume {mount['name']!r}"
        for variable in container.get("env", []):
            if _SECRET.search(variable["name"]) and variable.get("value"):
                yield (
                    f"{path}.env[{variable['name']}]: secrets do not belong into manifests; mount "
                    "a file, or use workload identity"
                )
