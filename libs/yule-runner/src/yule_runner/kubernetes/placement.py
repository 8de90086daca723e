"""Which pool a task runs on: the one that it fills best."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gokart_store import Resources

from yule_runner.errors import YuleRunnerError
from yule_runner.kubernetes.pools import Pool
from yule_runner.planning import Group

__all__ = ["PoolError", "choose_pool", "place", "shortage"]


class PoolError(YuleRunnerError):
    """A task fits on no pool."""

    exit_code = 2


def choose_pool(resources: Resources, pools: Sequence[Pool]) -> Pool | None:
    """Return the pool that fits tightest, or None where none fits.

    GPUs count first: a task that needs none takes a node with GPUs only where there is no other.
    Then counts what is left over of a node full of such pods, cores and memory alike; so that
    tasks with much memory for their cores go to pools with much memory for their cores. Ties go
    to the smaller pool, then by name.
    """
    fitting = [pool for pool in pools if _shortage(resources, pool) <= 1]
    return min(fitting, key=lambda pool: _looseness(resources, pool), default=None)


def place(groups: Sequence[Group], pools: Sequence[Pool]) -> dict[tuple[str, Resources], Pool]:
    """Choose a pool for each group of tasks, before anything is submitted.

    Args:
        groups: what a run computes.
        pools: what the configuration describes.

    Returns:
        Pools by the groups' task names and needs: tasks of one name may need more or less.

    Raises:
        PoolError: some tasks fit nowhere; it names each of them, and its nearest pool.
    """
    if not pools:
        raise PoolError("There are no pools: describe at least one node pool for this cluster.")
    placed: dict[tuple[str, Resources], Pool] = {}
    refusals = []
    for name, resources in dict.fromkeys((group.name, group.resources) for group in groups):
        pool = choose_pool(resources, pools)
        if pool is None:
            refusals.append(f"{name} fits on no node pool: {shortage(resources, pools)}")
        else:
            placed[name, resources] = pool
    if refusals:
        raise PoolError("\n".join(refusals))
    return placed


def shortage(resources: Resources, pools: Sequence[Pool]) -> str:
    """Say what no pool can give to a task that fits nowhere."""
    nearest = min(pools, key=lambda pool: (_shortage(resources, pool), pool.name))
    lacks = [
        f"{needed:g} {unit} ({nearest.name} gives one pod at most {offered:g})"
        for needed, offered, unit in (
            (resources.cpu, nearest.cpu, "cores"),
            (resources.memory_gib, nearest.memory_gib, "GiB of memory"),
            (resources.gpu, nearest.gpu, "GPUs"),
        )
        if needed > offered
    ]
    return (
        f"it needs {' and '.join(lacks)}, and {nearest.name} is the nearest. Declare less for the "
        "task, or describe a pool with larger nodes."
    )


def _shortage(resources: Resources, pool: Pool) -> float:
    """Return the largest ratio of what is needed to what one pod can have; above 1 it fits not."""
    gpu = resources.gpu / pool.gpu if pool.gpu else math.inf * resources.gpu if resources.gpu else 0
    return max(resources.cpu / pool.cpu, resources.memory_gib / pool.memory_gib, gpu)


def _looseness(resources: Resources, pool: Pool) -> tuple[int, float, float, float, str]:
    cpu, memory = resources.cpu / pool.cpu, resources.memory_gib / pool.memory_gib
    pods = math.floor(min(1 / cpu, 1 / memory))
    left_over = round(2 - pods * (cpu + memory), 9)
    return pool.gpu - resources.gpu, left_over, pool.memory_gib, pool.cpu, pool.name
