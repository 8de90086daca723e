import pytest
from gokart_store import TaskRecord
from yule_cli.summary import Reused, StageCost, stage_costs


def record(name: str, seconds: float, peak: float | None) -> TaskRecord:
    return TaskRecord(
        task_id=name,
        name=name,
        seconds=seconds,
        peak_memory_gib=peak,
        declared_memory_gib=1.0,
    )


def test_tasks_are_added_up_by_stage_in_the_order_of_a_run() -> None:
    costs = stage_costs(
        [record("m.TrainFold", 2.0, 0.5), record("m.TrainFold", 3.0, 0.75)],
        [Reused(name="LabelRows", seconds=7.0), Reused(name="LabelRows")],
    )

    assert costs == (
        StageCost(stage="entities", reused=2, saved_seconds=7.0),
        StageCost(stage="training", computed=2, seconds=5.0, peak_memory_gib=0.75),
    )


@pytest.mark.parametrize("peak", [None, 0.25])
def test_unmeasured_memory_is_none(peak: float | None) -> None:
    (cost,) = stage_costs([record("TrainFold", 1.0, peak), record("TrainFold", 1.0, None)])

    assert cost.peak_memory_gib == peak
