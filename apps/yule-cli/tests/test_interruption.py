import os
import signal

import pytest
from yule_cli.errors import InterruptedByUser
from yule_cli.interruption import interruptible, signals_held_back


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_unwinds_the_block(signum: signal.Signals, code: int) -> None:
    cleaned = []

    def work() -> None:
        with interruptible():
            try:
                os.kill(os.getpid(), signum)
                signal.pause()
            finally:
                cleaned.append(True)

    with pytest.raises(InterruptedByUser, match=f"Interrupted by {signum.name}. What is") as caught:
        work()
    assert caught.value.exit_code == code
    assert cleaned


def test_a_library_that_makes_something_else_of_it_hides_nothing() -> None:
    def work(*, is_swallowed: bool) -> None:
        with interruptible():
            try:
                os.kill(os.getpid(), signal.SIGTERM)
                signal.pause()
            except KeyboardInterrupt:
                if not is_swallowed:
                    raise RuntimeError("Query interrupted") from None

    for is_swallowed in (True, False):
        with pytest.raises(InterruptedByUser, match="Interrupted by SIGTERM"):
            work(is_swallowed=is_swallowed)


def test_what_was_ignored_stays_ignored_and_handlers_return() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptible():
            os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    with interruptible():
        assert signal.getsignal(signal.SIGTERM) != signal.SIG_DFL
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_errors_pass_through() -> None:
    with pytest.raises(ZeroDivisionError), interruptible():
        raise ZeroDivisionError


def test_a_signal_waits_for_what_must_not_be_left_half_done() -> None:
    done = []

    def work() -> None:
        with interruptible():
            with signals_held_back():
                os.kill(os.getpid(), signal.SIGTERM)
                done.append("inside")
            done.append("after")

    with pytest.raises(InterruptedByUser, match="Interrupted by SIGTERM"):
        work()
    assert done == ["inside"]
