"""What the semantic rules refuse, the API refuses, and the other way round."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from yule_runner.kubernetes import JobSpec, ManifestError, group_manifest, validate_manifest
from yule_runner.testing.kubernetes import Cluster
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.status import ApiError

Json = dict[str, Any]
SpecMaker = Callable[..., JobSpec]


def changed(manifest: Json, path: str, value: Any) -> Json:
    body = copy.deepcopy(manifest)
    *steps, last = path.split("/")
    place: Any = body
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is None:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return body


RULES = "spec/podFailurePolicy/rules"
REFUSED_BY_BOTH = [
    ("metadata/name", "A_B", "lower-case letters"),
    ("metadata/name", "x" * 62, "63 are the most"),
    ("spec/template/metadata/labels/a", "x" * 64, "at most 63"),
    ("spec/completions", None, "must say how many indexes"),
    ("spec/parallelism", 100_001, "more than 100,000"),
    ("spec/maxFailedIndexes", 11, "more than there are indexes"),
    ("spec/completionMode", "NonIndexed", "needs `completionMode: Indexed`"),
    ("spec/backoffLimitPerIndex", None, "needs `backoffLimitPerIndex`"),
    ("spec/podReplacementPolicy", "TerminatingOrFailed", "needs `Failed`"),
    ("spec/template/spec/restartPolicy", "OnFailure", "needs `Never`"),
    (f"{RULES}/1/onExitCodes/values", [65, 64], "in order"),
    (f"{RULES}/1/onExitCodes/values", [64, 64], "different codes"),
    (f"{RULES}/1/onExitCodes/values", [0, 64], "0 is success"),
    (f"{RULES}/1/onExitCodes/containerName", "other", "no container 'other'"),
    (f"{RULES}/1/onExitCodes", None, "give one of"),
    ("spec/template/spec/containers/0/volumeMounts/0/name", "gone", "no volume 'gone'"),
]


@pytest.mark.parametrize(("path", "value", "message"), REFUSED_BY_BOTH)
def test_semantic_rules_are_those_of_the_api(
    group_spec: SpecMaker, path: str, value: Any, message: str
) -> None:
    bad = changed(group_manifest(group_spec()), path, value)

    with pytest.raises(ManifestError, match=message):
        validate_manifest(bad)
    with pytest.raises(ApiError) as refusal:
        Cluster(namespaces=("yule",)).api.create(BY_KIND["Job"], "yule", bad)
    assert refusal.value.code == 422


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("spec/nonsense", 1, "nonsense"),
        ("spec/parallelism", "ten", "spec.parallelism"),
        ("spec/template/spec/containers/0/image", "yule:latest", "no digest"),
        (
            "spec/template/spec/containers/0/env/0",
            {"name": "DB_PASSWORD", "value": "canary"},
            "secrets do not belong",
        ),
        ("metadata/annotations/order", "x" * 100_000, "keep what grows"),
        ("kind", "Jab", "schema for kind"),
    ],
)
def test_schemas_and_our_own_rules_are_checked(
    group_spec: SpecMaker, path: str, value: Any, message: str
) -> None:
    with pytest.raises(ManifestError, match=message) as refusal:
        validate_manifest(changed(group_manifest(group_spec()), path, value))
    assert "canary" not in str(refusal.value)


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("1.32", "1.32, and 1.33 is the oldest supported: `spec.backoffLimitPerIndex`"),
        ("v1.9.3", "1.9, and 1.33 is the oldest"),
        ("latest", "'latest' is no Kubernetes version"),
    ],
)
def test_unsupported_versions_are_refused(
    group_spec: SpecMaker, version: str, message: str
) -> None:
    with pytest.raises(ManifestError, match=message):
        validate_manifest(group_manifest(group_spec()), version)
