"""What each stage of a run cost, and what the cache saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yule_cli.stages import STAGES, stage_of

if TYPE_CHECKING:
    from gokart_store import TaskRecord

__all__ = ["Reused", "StageCost", "stage_costs"]


@dataclass(frozen=True, kw_only=True)
class Reused:
    """A task whose result came from the cache.

    Attributes:
        name: Its class name, with or without the module.
        seconds: What it had cost when it was computed; None where no record of it is left.
    """

    name: str
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class StageCost:
    """One stage of a run.

    Attributes:
        stage: One of `STAGES`.
        computed: Number of tasks computed in this run.
        reused: Number of tasks whose results came from the cache.
        seconds: What the computed tasks took, added up over workers.
        saved_seconds: What the reused tasks had taken when they were computed.
        peak_memory_gib: Of the largest computed task; None where nothing was measured.
    """

    stage: str
    computed: int = 0
    reused: int = 0
    seconds: float = 0.0
    saved_seconds: float = 0.0
    peak_memory_gib: float | None = None


def stage_costs(
    computed: Iterable[TaskRecord], reused: Iterable[Reused] = ()
) -> tuple[StageCost, ...]:
    """Add up tasks by stage, in the order of `STAGES`; a stage without tasks is left out."""
    records: dict[str, list[TaskRecord]] = {stage: [] for stage in STAGES}
    kept: dict[str, list[Reused]] = {stage: [] for stage in STAGES}
    for record in computed:
        records[stage_of(record.name)].append(record)
    for task in reused:
        kept[stage_of(task.name)].append(task)
    return tuple(
        _cost(stage, records[stage], kept[stage])
        for stage in STAGES
        if records[stage] or kept[stage]
    )


def _cost(stage: str, computed: list[TaskRecord], reused: list[Reused]) -> StageCost:
    return StageCost(
        stage=stage,
        computed=len(computed),
        reused=len(reused),
        seconds=sum(record.seconds for record in computed),
        saved_seconds=sum(task.seconds or 0.0 for task in reused),
        peak_memory_gib=max(
            (r.peak_memory_gib for r in computed if r.peak_memory_gib is not None), default=None
        ),
    )
