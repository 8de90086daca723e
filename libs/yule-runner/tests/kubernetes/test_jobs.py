"""The Jobs of groups: names, sizes, and what a plan would make."""

from __future__ import annotations

import json
from typing import Any

import pytest
from gokart_store import Resources
from yule_runner import GraphSource, Group
from yule_runner.kubernetes import ClusterSettings, Pool, PoolError
from yule_runner.kubernetes.jobs import TASK_HASH, task_hash
from yule_runner.kubernetes.rendering import render

IMAGE = "registry.example/yule@sha256:" + "a" * 64
SOURCE = GraphSource(factory="yule", arguments={"resolved": "resolved/1.json"})


def settings(**changes: Any) -> ClusterSettings:
    fields: dict[str, Any] = {
        "run": "weekly-1",
        "namespace": "yule",
        "image": IMAGE,
        "store": "/shared/store",
        "pools": (Pool(name="standard", cpu=8, memory_gib=32),),
    }
    return ClusterSettings(**fields | changes)


def group(count: int, name: str = "yule_models.tasks.ScoreShard", **needs: float) -> Group:
    task_ids = tuple(f"{place:032x}" for place in range(count))
    return Group(name=name, level=0, resources=Resources(**needs), task_ids=task_ids)


def test_ten_thousand_shards_are_one_small_request() -> None:
    (job,) = render([group(10_000)], source=SOURCE, settings=settings())

    assert len(json.dumps(job)) < 100_000
    assert job["spec"]["completions"] == 200
    assert job["spec"]["template"]["spec"]["containers"][0]["command"][-2:] == ["--per-index", "50"]


@pytest.mark.parametrize("run", ["x" * 200, "来週のキャンペーン", "Ä/b:c", "a.b_c"])
@pytest.mark.parametrize("name", ["a.Short", "a." + "VeryLong" * 12, "a.Größe", "a.訓練"])
def test_names_and_labels_are_valid_whatever_people_call_things(run: str, name: str) -> None:
    (job,) = render([group(1000, name)], source=SOURCE, settings=settings(run=run))

    assert len(f"{job['metadata']['name']}-199") <= 63


def test_the_same_tasks_have_one_name_in_every_run_but_not_in_another_store() -> None:
    first, second, elsewhere = (
        render([group(3)], source=SOURCE, settings=settings(**changes))[0]["metadata"]
        for changes in ({}, {"run": "another"}, {"store": "/shared/other"})
    )

    assert first["name"] == second["name"] != elsewhere["name"]
    assert first["labels"][TASK_HASH] == task_hash("/shared/store", group(3).task_ids)


def test_a_group_that_fits_nowhere_is_refused() -> None:
    with pytest.raises(PoolError, match="ScoreShard fits on no node pool: it needs 64 GiB"):
        render([group(1, memory_gib=64)], source=SOURCE, settings=settings())


def test_an_empty_plan_makes_no_jobs() -> None:
    assert render([], source=SOURCE, settings=settings()) == []
