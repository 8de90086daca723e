"""A cluster described in a file, and what is wrong with one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from yule_runner.kubernetes import ClusterSettings, NodeRequirement, Pool, SharedFolder, Toleration
from yule_runner.kubernetes.cluster_file import ClusterFileError, read_cluster_file

Json = dict[str, Any]

POOL: Json = {"name": "standard", "cpu": 4, "memory_gib": 7.5}
CLUSTER: Json = {
    "run": "weekly-1",
    "namespace": "shop",
    "image": "registry.example/shop@sha256:" + "a" * 64,
    "store": "gs://shop/store",
    "pools": [POOL],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cluster.json"


def test_every_field_arrives(path: Path) -> None:
    pool = POOL | {
        "gpu": 1,
        "spot": "spot",
        "node_selector": {"a": "b"},
        "requirements": [{"key": "zone", "operator": "In", "values": ["x"]}],
        "tolerations": [{"key": "team", "effect": "NoSchedule"}],
    }
    more = {"shared_folders": [{"claim": "c", "path": "/mnt"}], "environment": {"A": "1"}}
    path.write_text(json.dumps(CLUSTER | more | {"pools": [pool], "context": "far"}))

    found = read_cluster_file(path)

    assert found.context == "far"
    assert found.settings == ClusterSettings(
        run="weekly-1",
        namespace="shop",
        image=CLUSTER["image"],
        store="gs://shop/store",
        pools=(
            Pool(
                name="standard",
                cpu=4,
                memory_gib=7.5,
                gpu=1,
                spot="spot",
                node_selector={"a": "b"},
                requirements=(NodeRequirement(key="zone", operator="In", values=("x",)),),
                tolerations=(Toleration(key="team", effect="NoSchedule"),),
            ),
        ),
        shared_folders=(SharedFolder(claim="c", path="/mnt"),),
        environment={"A": "1"},
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pool": []}, r"has no field `pool`\. Did you mean `pools`\?"),
        ({"pools": []}, "`pools` is empty: describe at least one"),
        ({"pools": POOL}, "`pools` must be a list, got {"),
        ({"pools": [POOL | {"cpu": "4"}]}, r"`pools`\[0\]: `cpu` must be a number, got '4'"),
        ({"pools": [{"name": "a"}]}, r"`pools`\[0\] lacks the field `cpu`"),
        ({"pools": [POOL | {"spot": True}]}, "`spot` must be one of on-demand, spot, spot-with-es"),
        ({"pools": ["standard"]}, r"`pools`\[0\] must be a JSON object, got 'standard'"),
        ({"parallelism": True}, "`parallelism` must be a whole number, got True"),
        ({"environment": {"A": 1}}, r"`environment`\.A must be a text, got 1"),
        ({"store": "store"}, "`store` is 'store': pods have other working directories"),
    ],
)
def test_what_is_wrong_is_named(path: Path, change: Json, message: str) -> None:
    path.write_text(json.dumps(CLUSTER | change))
    with pytest.raises(ClusterFileError, match=message):
        read_cluster_file(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "cannot be read: No such file"), ("{", "is not JSON"), ("[]", "must be a JSON object")],
)
def test_a_file_that_is_none(path: Path, text: str | None, message: str) -> None:
    if text is not None:
        path.write_text(text)
    with pytest.raises(ClusterFileError, match=message):
        read_cluster_file(path)
