from pathlib import Path

import pytest
from yule_cli.config import load_case
from yule_cli.errors import CaseError
from yule_cli.machine import Machine
from yule_cli.preparation import prepare


def test_a_machine_that_is_too_small_is_refused_with_the_tasks_named(case: Path) -> None:
    with pytest.raises(CaseError) as caught:
        prepare(*load_case(case), machine=Machine(cpu=1, memory_gib=2.5))

    assert str(caught.value) == (
        "case.yaml:1: `run` gives tasks 2.5 GiB of memory, and some declare more: "
        "ExplainFold 3 GiB, TrainFold 3 GiB. "
        "Run the case on a larger machine."
    )


def test_a_machine_that_is_large_enough_is_taken(case: Path) -> None:
    prepared = prepare(*load_case(case), machine=Machine(cpu=1, memory_gib=3))

    assert prepared.machine == Machine(cpu=1, memory_gib=3)
    assert prepared.graph.fits


def test_tracking_and_data_are_found_wrong_together(case: Path) -> None:
    case.write_text(
        case.read_text().replace("population: orders", "population: order")
        + "tracking: {uri: '${vault:mlflow}'}\n"
    )

    with pytest.raises(CaseError) as caught:
        prepare(*load_case(case))

    assert [line.partition("`")[0] for line in caught.value.problems] == [
        "case.yaml:11: ",
        "case.yaml:10: ",
    ]
