import subprocess
import sys
from pathlib import Path

import pytest
import typer
from gokart_store import StoreAccessError
from yule_cli.commands.reporting import errors_reported
from yule_cli.errors import CaseError, RunFailedError
from yule_runner.kubernetes.errors import ApiUnavailable, ClusterError


@pytest.mark.parametrize(
    ("error", "code"),
    [(CaseError(["no"]), 2), (RunFailedError("no"), 3), (RuntimeError("no"), 1)],
)
def test_each_error_has_its_exit_code(error: Exception, code: int) -> None:
    with pytest.raises(typer.Exit) as caught, errors_reported(debug=False):
        raise error

    assert caught.value.exit_code == code


def test_a_library_error_is_no_defect(capsys: pytest.CaptureFixture[str]) -> None:
    from mushroom.errors import WarehouseError

    with pytest.raises(typer.Exit) as caught, errors_reported(debug=False):
        raise WarehouseError("The file is gone.")

    assert caught.value.exit_code == 2
    assert capsys.readouterr().err == "The file is gone.\n"


def test_a_defect_is_called_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), errors_reported(debug=False):
        raise ZeroDivisionError("division by zero")

    assert "This is a defect of yule. Run again with --debug" in capsys.readouterr().err


def test_an_interrupted_run_tells_the_shell() -> None:
    from yule_runner import RunInterrupted

    with pytest.raises(typer.Exit) as caught, errors_reported(debug=False):
        raise RunInterrupted(15, unfinished=3)

    assert caught.value.exit_code == 143


@pytest.mark.parametrize(
    "error",
    [
        ApiUnavailable("Could not list jobs: the API server answers 503 ()"),
        ClusterError("Could not list jobs: it is forbidden."),
        StoreAccessError("gs://shop cannot be read: it does not answer."),
    ],
)
def test_what_is_out_of_reach_is_not_a_wrong_case(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as caught, errors_reported(debug=False):
        raise error

    assert caught.value.exit_code == 3
    said = capsys.readouterr().err
    assert said.startswith(str(error).rstrip("."))
    assert ". Start the command again when that is put right" in said


def test_a_reader_that_has_seen_enough_ends_a_command_quietly() -> None:
    yule = Path(sys.executable).with_name("yule")
    pipe = subprocess.PIPE
    with subprocess.Popen([yule, "schema"], stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""

    assert process.returncode == 1


def test_another_pipe_that_breaks_is_a_defect(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), errors_reported(debug=False):
        raise BrokenPipeError(32, "Broken pipe")

    assert "This is a defect of yule" in capsys.readouterr().err
