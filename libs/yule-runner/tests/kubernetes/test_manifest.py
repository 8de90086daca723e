"""Manifests: whole, against checked-in files; valid for every supported version; accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from gokart_store import Resources
from yule_runner.kubernetes import (
    JobSpec,
    Owner,
    Pool,
    Siblings,
    driver_manifest,
    group_manifest,
    spec_sha256,
    validate_manifest,
)
from yule_runner.kubernetes.job_spec import JobSpecError
from yule_runner.kubernetes.pod_template import can_escape
from yule_runner.testing.kubernetes import Cluster
from yule_runner.testing.kubernetes.resources import BY_KIND

Json = dict[str, Any]
SpecMaker = Callable[..., JobSpec]

GOLDEN = Path(__file__).parent / "golden"
MEMORY = Pool(name="memory", cpu=14, memory_gib=110, spot="spot-with-escape")


@pytest.fixture
def manifests(driver_spec: SpecMaker, group_spec: SpecMaker) -> dict[str, Json]:
    shards: Json = {
        "name": "yule-score-b81d22f0ac35-g1",
        "component": "score",
        "resources": Resources(cpu=7, memory_gib=26),
        "pool": MEMORY,
        "siblings": Siblings(completions=125, parallelism=60, retries=3),
    }
    return {
        "driver": driver_manifest(driver_spec()),
        "folds-on-spot-gpus": group_manifest(group_spec()),
        "shards": group_manifest(group_spec(**shards)),
        "shards-escaped": group_manifest(
            group_spec(**shards | {"name": "yule-score-b81d22f0ac35-g2", "is_on_demand": True})
        ),
    }


def test_manifests_are_the_checked_in_ones(manifests: dict[str, Json]) -> None:
    assert sorted(manifests) == sorted(path.stem for path in GOLDEN.glob("*.yaml"))
    for name, manifest in manifests.items():
        expected = (GOLDEN / f"{name}.yaml").read_text(encoding="utf-8")
        assert yaml.safe_dump(manifest, sort_keys=False, width=100) == expected, name


def test_scratch_is_a_limit_and_not_reserved(group_spec: SpecMaker) -> None:
    job = group_manifest(group_spec(scratch_gib=16))
    (container,) = job["spec"]["template"]["spec"]["containers"]
    asked, limit = (container["resources"][kind] for kind in ("requests", "limits"))
    assert (asked["ephemeral-storage"], limit["ephemeral-storage"]) == ("1Gi", "17Gi")
    assert asked["memory"] == limit["memory"]


@pytest.mark.parametrize(
    ("spot", "changes", "expected"),
    [
        ("spot-with-escape", {}, True),
        ("spot-with-escape", {"is_on_demand": True}, False),
        ("spot", {}, False),
        ("on-demand", {}, False),
    ],
)
def test_a_job_says_itself_whether_it_can_escape(
    group_spec: SpecMaker, spot: Any, changes: Json, expected: bool
) -> None:
    pool = replace(MEMORY, spot=spot)
    job = group_manifest(group_spec(pool=pool, resources=Resources(cpu=1), **changes))
    assert can_escape(job["spec"]["template"]["spec"]) is expected


@pytest.mark.parametrize("version", ["1.33", "1.34", "1.35", "1.36", "v1.37.1-gke.5", "1.41"])
def test_manifests_are_valid_for_every_supported_version(
    manifests: dict[str, Json], version: str
) -> None:
    for manifest in manifests.values():
        validate_manifest(manifest, version)


def test_the_api_accepts_manifests_and_changes_none_of_their_fields(
    manifests: dict[str, Json],
) -> None:
    cluster = Cluster(namespaces=("yule",))
    for manifest in manifests.values():
        stored, unknown = cluster.api.create(BY_KIND["Job"], "yule", manifest, strict=True)

        assert not unknown
        assert _added(stored, manifest) == manifest


def test_spot_nodes_are_required_preferred_or_kept_off(manifests: dict[str, Json]) -> None:
    affinities = {
        name: manifest["spec"]["template"]["spec"]["affinity"]["nodeAffinity"]
        for name, manifest in manifests.items()
    }
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    operators = {
        name: [
            expression["operator"]
            for term in affinity.get(required, {}).get("nodeSelectorTerms", [])
            for expression in term["matchExpressions"]
        ]
        for name, affinity in affinities.items()
    }

    assert operators == {
        "driver": ["NotIn"],
        "folds-on-spot-gpus": ["In"],
        "shards": [],
        "shards-escaped": ["NotIn"],
    }
    assert "preferredDuringSchedulingIgnoredDuringExecution" in affinities["shards"]


def test_the_digest_ignores_who_asks_and_nothing_else(group_spec: SpecMaker) -> None:
    manifest = group_manifest(group_spec())
    digest = manifest["metadata"]["annotations"]["yule.dev/spec-sha256"]
    other_run = group_manifest(
        group_spec(run="exp43", owner=Owner(name="another", uid="another uid"))
    )

    assert spec_sha256(manifest) == digest == spec_sha256(other_run)
    assert spec_sha256(group_manifest(group_spec(pod_deadline_s=1))) != digest


def test_ten_thousand_shards_stay_a_small_request(group_spec: SpecMaker) -> None:
    siblings = Siblings(completions=10_000, parallelism=1_000)
    manifest = group_manifest(group_spec(siblings=siblings))

    validate_manifest(manifest)
    assert len(yaml.safe_dump(manifest)) < 10_000


def test_parallelism_is_at_most_the_number_of_indexes(group_spec: SpecMaker) -> None:
    manifest = group_manifest(group_spec(siblings=Siblings(completions=3, parallelism=9)))

    assert manifest["spec"]["parallelism"] == 3


def test_a_driver_is_no_group(driver_spec: SpecMaker, group_spec: SpecMaker) -> None:
    with pytest.raises(JobSpecError, match="use group_manifest"):
        driver_manifest(group_spec())
    with pytest.raises(JobSpecError, match="use driver_manifest"):
        group_manifest(driver_spec())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image": "registry.example/yule:latest"}, "has no digest: name it as REPOSITORY@sha256"),
        ({"command": ()}, "needs a command"),
        ({"command": ("/bin/sh", "-c", "echo")}, "starts the shell 'sh'"),
        ({"deadline_s": 0}, "deadline of 0 s"),
    ],
)
def test_impossible_specifications_are_refused(
    group_spec: SpecMaker, change: Json, message: str
) -> None:
    with pytest.raises(JobSpecError, match=message):
        group_spec(**change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"completions": 0, "parallelism": 1}, "at least 1"),
        ({"completions": 2, "parallelism": 1, "retries": -1}, "at least 0"),
        ({"completions": 2, "parallelism": 1, "max_failed": 3}, "a number from 0 to 2"),
    ],
)
def test_impossible_groups_are_refused(change: Json, message: str) -> None:
    with pytest.raises(JobSpecError, match=message):
        Siblings(**change)


def _added(stored: Any, sent: Any) -> Any:
    """Return `stored` without what the API added."""
    if isinstance(sent, dict):
        return {key: _added(stored[key], value) for key, value in sent.items()}
    if isinstance(sent, list):
        assert len(stored) == len(sent)
        return [_added(one, other) for one, other in zip(stored, sent, strict=True)]
    return stored
