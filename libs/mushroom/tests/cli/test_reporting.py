"""Errors and signals become one message and the documented exit code, for any command."""

import signal
from contextlib import closing
from dataclasses import dataclass

import pytest
import typer
from gokart_store import GokartStoreError, StoreAccessError
from mushroom import MushroomError
from mushroom.cli.reporting import errors_reported


class WrongError(Exception):
    pass


class ClosedError(Exception):
    exit_code = 3


@dataclass
class Block:
    """Notes that it was left."""

    left: list[bool]

    def close(self) -> None:
        self.left.append(True)


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (MushroomError("No such table."), 2, "No such table."),
        (GokartStoreError("No such folder."), 2, "No such folder."),
        (StoreAccessError("The bucket is closed."), 3, "The bucket is closed."),
        (WrongError("Too many weeks."), 2, "Too many weeks."),
        (ClosedError("The disk is full."), 3, "The disk is full."),
        (ZeroDivisionError("by zero"), 1, "digest failed unexpectedly: ZeroDivisionError: by zero"),
        (KeyboardInterrupt(), 130, "Interrupted; what was stored stays."),
    ],
)
def test_each_error_has_its_code(
    error: BaseException, code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        pytest.raises(typer.Exit) as caught,
        errors_reported(debug=False, program="digest", expected=(WrongError, ClosedError)),
    ):
        raise error

    assert caught.value.exit_code == code
    assert says in capsys.readouterr().err


def test_a_termination_unwinds_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGTERM)
    unwound: list[bool] = []

    with (
        pytest.raises(typer.Exit) as caught,
        errors_reported(debug=False),
        closing(Block(unwound)),
    ):
        signal.raise_signal(signal.SIGTERM)

    assert (caught.value.exit_code, unwound) == (143, [True])
    assert capsys.readouterr().err == "Terminated; what was stored stays.\n"
    assert signal.getsignal(signal.SIGTERM) is before


def test_debugging_shows_where(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), errors_reported(debug=True):
        raise MushroomError("No such table.")

    assert "Traceback" in capsys.readouterr().err
