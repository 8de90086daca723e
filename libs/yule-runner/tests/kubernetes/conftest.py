"""Specifications that several tests start from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gokart_store import Resources
from yule_runner.kubernetes import JobSpec, NodeRequirement, Owner, Pool, Siblings, Toleration

Json = dict[str, Any]
SpecMaker = Callable[..., JobSpec]

IMAGE = "registry.example/yule@sha256:" + "a" * 64
CPU = Pool(name="cpu", cpu=30, memory_gib=56)
MEMORY = Pool(
    name="memory",
    cpu=14,
    memory_gib=110,
    spot="spot-with-escape",
    requirements=(NodeRequirement(key="yule.dev/pool", operator="In", values=("mem",)),),
)
GPU = Pool(
    name="gpu",
    cpu=7.5,
    memory_gib=28,
    gpu=1,
    spot="spot",
    node_selector={"yule.dev/pool": "gpu"},
    tolerations=(Toleration(key="team", value="ml", effect="NoSchedule"),),
)


@pytest.fixture
def driver_spec() -> SpecMaker:
    """A driver's specification, with what a test changes."""

    def make(**changes: Any) -> JobSpec:
        fields: Json = {
            "name": "yule-driver-exp42-7c1d9e02aaaa-g1",
            "namespace": "yule",
            "component": "driver",
            "run": "exp42-7c1d9e02",
            "image": IMAGE,
            "command": ("python", "-m", "yule_runner", "run", "--factory", "case"),
            "resources": Resources(cpu=0.5, memory_gib=1),
            "pool": CPU,
            "service_account": "yule-driver",
            "deadline_s": 259_200,
            "kept_s": 604_800,
            "scratch_gib": 2,
            "priority_class": "yule-driver",
            "annotations": {"yule.dev/git-commit": "0f3c6a1b"},
        }
        return JobSpec(**fields | changes)

    return make


@pytest.fixture
def group_spec() -> SpecMaker:
    """A group's specification, with what a test changes."""

    def make(**changes: Any) -> JobSpec:
        fields: Json = {
            "name": "yule-train-gbdt-3fa9c210d4e7-g1",
            "namespace": "yule",
            "component": "train",
            "run": "exp42-7c1d9e02",
            "image": IMAGE,
            "command": ("python", "-m", "yule_runner", "work", "--order", "gs://b/o.json"),
            "resources": Resources(cpu=7, memory_gib=26, gpu=1),
            "pool": GPU,
            "service_account": "yule-worker",
            "labels": {"yule.dev/task-hash": "3fa9c210d4e7", "yule.dev/generation": "1"},
            "owner": Owner(
                name="yule-driver-exp42-7c1d9e02aaaa-g1",
                uid="00000000-0000-4000-8000-000000000000",
            ),
            "siblings": Siblings(completions=10, parallelism=10, retries=2, max_failed=1),
            "pod_deadline_s": 21_600,
        }
        return JobSpec(**fields | changes)

    return make
