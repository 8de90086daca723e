"""Pools: the tightest fit, and what fits nowhere."""

from __future__ import annotations

import pytest
from gokart_store import Resources
from hypothesis import given
from hypothesis import strategies as st
from yule_runner.kubernetes import Pool, PoolError, choose_pool, place
from yule_runner.kubernetes.pools import NodeRequirement, PoolDefinitionError
from yule_runner.planning import Group

CPU = Pool(name="cpu-first", cpu=30, memory_gib=56)
MEMORY = Pool(name="memory-first", cpu=30, memory_gib=220)
GPU = Pool(name="gpu", cpu=30, memory_gib=220, gpu=4)
POOLS = (GPU, MEMORY, CPU)


@pytest.mark.parametrize(
    ("needs", "name"),
    [
        (Resources(cpu=4, memory_gib=7), "cpu-first"),
        (Resources(cpu=30, memory_gib=20), "cpu-first"),
        (Resources(cpu=4, memory_gib=29), "memory-first"),
        (Resources(cpu=1, memory_gib=100), "memory-first"),
        (Resources(cpu=1, memory_gib=1, gpu=1), "gpu"),
    ],
)
def test_the_tightest_pool_is_chosen(needs: Resources, name: str) -> None:
    pool = choose_pool(needs, POOLS)

    assert pool is not None
    assert pool.name == name


def test_a_gpu_node_takes_other_tasks_only_where_nothing_else_fits() -> None:
    pool = choose_pool(Resources(cpu=1, memory_gib=1), [GPU])

    assert pool is GPU


def test_of_equal_fits_the_smaller_pool_and_then_the_first_name_is_chosen() -> None:
    sizes = {"b4": 4, "a8": 8, "a4": 4}
    pools = [Pool(name=name, cpu=size, memory_gib=size) for name, size in sizes.items()]

    chosen = choose_pool(Resources(cpu=1, memory_gib=1), pools)

    assert chosen is not None
    assert chosen.name == "a4"


amounts = st.integers(1, 64)
needs = st.builds(Resources, cpu=amounts, memory_gib=amounts, gpu=st.integers(0, 2))
offers = st.lists(
    st.builds(Pool, name=st.just("p"), cpu=amounts, memory_gib=amounts, gpu=st.integers(0, 2)),
    max_size=4,
)


@given(needs=needs, pools=offers)
def test_a_chosen_pool_fits_and_none_is_chosen_only_where_none_fits(
    needs: Resources, pools: list[Pool]
) -> None:
    fitting = [
        pool
        for pool in pools
        if pool.cpu >= needs.cpu and pool.memory_gib >= needs.memory_gib and pool.gpu >= needs.gpu
    ]

    chosen = choose_pool(needs, pools)

    assert (chosen is not None) == bool(fitting)
    assert chosen is None or chosen in fitting
    assert choose_pool(needs, pools[::-1]) == chosen


def test_every_task_that_fits_nowhere_is_named_with_its_nearest_pool() -> None:
    groups = [
        group("shop.Count", Resources(cpu=2, memory_gib=4)),
        group("shop.Embed", Resources(cpu=8, memory_gib=300)),
        group("shop.Train", Resources(cpu=8, memory_gib=20, gpu=8)),
    ]

    with pytest.raises(PoolError) as refusal:
        place(groups, POOLS)

    assert str(refusal.value).splitlines() == [
        "shop.Embed fits on no node pool: it needs 300 GiB of memory (gpu gives one pod at most "
        "220), and gpu is the nearest. Declare less for the task, or describe a pool with larger "
        "nodes.",
        "shop.Train fits on no node pool: it needs 8 GPUs (gpu gives one pod at most 4), and gpu "
        "is the nearest. Declare less for the task, or describe a pool with larger nodes.",
    ]


def test_groups_are_placed_by_name_and_by_what_they_need() -> None:
    small, large = Resources(cpu=2, memory_gib=2), Resources(cpu=2, memory_gib=100)

    placed = place([group("shop.Count", small), group("shop.Count", large)], POOLS)

    assert placed["shop.Count", large] is MEMORY
    assert placed["shop.Count", small] is choose_pool(small, POOLS)
    assert placed["shop.Count", small] is not MEMORY


def test_without_pools_nothing_is_placed() -> None:
    with pytest.raises(PoolError, match="describe at least one node pool"):
        place([group("shop.Count", Resources())], [])


def test_impossible_pools_are_refused() -> None:
    with pytest.raises(PoolDefinitionError, match="needs a name"):
        Pool(name="", cpu=1, memory_gib=1)
    with pytest.raises(PoolDefinitionError, match="offers 0 cores"):
        Pool(name="none", cpu=0, memory_gib=1)
    with pytest.raises(PoolDefinitionError, match="give it no values"):
        NodeRequirement(key="a", operator="Exists", values=("b",))
    with pytest.raises(PoolDefinitionError, match="give it at least one value"):
        NodeRequirement(key="a", operator="In")


def group(name: str, resources: Resources) -> Group:
    return Group(name=name, level=0, resources=resources, task_ids=("t",))
