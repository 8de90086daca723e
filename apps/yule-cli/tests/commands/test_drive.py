"""Which ends of a driver are final, and which its Job makes good by another pod."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from gokart_store import StoreAccessError, open_store
from yule_cli.commands.drive import code_of_loading, code_of_run, drive
from yule_cli.errors import CaseError, RunFailedError, StateReadError, TasksFailedError
from yule_cli.tracking import TrackingError
from yule_runner.kubernetes.errors import ApiUnavailable, ClusterError, RunCancelled
from yule_runner.pod_files import LOG, pod_prefix

FINAL = (64, 65)


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TasksFailedError("A task failed."), 65),
        (caused(RunFailedError("The run was cancelled."), RunCancelled("It was.")), 65),
        (caused(RunFailedError("It is forbidden."), ClusterError("It is.")), 3),
        (TrackingError("MLflow does not answer."), 3),
        (StateReadError("The bucket does not answer."), 3),
        (ApiUnavailable("No answer."), 3),
        (CaseError(["`warehouse` cannot be used: it does not answer."]), 2),
        (MemoryError(), 1),
    ],
)
def test_only_what_another_pod_would_not_mend_ends_a_run(error: Exception, code: int) -> None:
    assert code_of_run(error) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CaseError(["`case` is missing."]), 64),
        (caused(CaseError(["The file cannot be read."]), OSError(5, "I/O error")), 2),
        (StoreAccessError("The bucket does not answer."), 3),
    ],
)
def test_only_a_wrong_case_is_a_bad_order(error: Exception, code: int) -> None:
    assert code_of_loading(error) == code


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The store of a driver's pod."""
    variables = {"STORE": str(tmp_path / "store"), "JOB": "d-g1", "JOB_UID": "7", "POD": "d-g1-x"}
    for name, value in variables.items():
        monkeypatch.setenv(f"YULE_{name}", value)
    return variables["STORE"]


def log(store: str) -> str:
    key = f"{pod_prefix('d-g1', '7', 0, 'd-g1-x')}/{LOG}"
    return (open_store(store).read_bytes(key) or b"").decode()


def test_a_case_that_is_not_in_the_store_is_said_in_the_log(
    store: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with capfd.disabled(), pytest.raises(typer.Exit) as caught:
        drive(Path("cases/1.json"), store=store)

    assert caught.value.exit_code == 64
    assert "is not the case that the driver was started for" in log(store)


def test_a_case_whose_data_are_away_is_tried_again(
    store: str, case: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (case.parent / "data").rename(case.parent / "elsewhere")
    with capfd.disabled(), pytest.raises(typer.Exit) as caught:
        drive(case, store=None)

    assert caught.value.exit_code not in FINAL
    assert "`warehouse` cannot be used" in log(store)
