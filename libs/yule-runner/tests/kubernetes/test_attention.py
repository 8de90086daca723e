"""When a driver looks: at once where it helps its run, and else no oftener than it may."""

from __future__ import annotations

import threading

from yule_runner.kubernetes import Patience
from yule_runner.kubernetes.attention import Attention

PATIENCE = Patience(reconcile_s=1.0, saved_looks=2, journal_s=5.0)


class Driver:
    """Looks as soon as it may, on a clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.attention = Attention(PATIENCE, lambda: self.now_s)
        self.is_silent = False

    def looks(self) -> bool:
        """Look if it is time to; say whether it was."""
        is_due = self.attention.wait(0, is_silent=self.is_silent)
        if is_due:
            self.attention.begin()
        return is_due

    def look_after(self, seconds: float) -> bool:
        """As `looks`, when so much time has passed, and just before."""
        self.now_s += seconds - 0.01
        assert not self.looks()
        self.now_s += 0.01
        return self.looks()


def test_nobody_looks_where_nothing_calls() -> None:
    driver = Driver()
    assert not driver.looks()
    driver.now_s += 1000
    assert not driver.looks()


def test_what_only_tells_of_itself_waits_for_the_pause_and_is_seen_in_one_look() -> None:
    driver = Driver()
    driver.attention.notice(is_urgent=False)
    assert driver.looks()
    for _ in range(3):
        driver.attention.notice(is_urgent=False)
    assert driver.look_after(1.0)
    assert not driver.looks()


def test_what_a_run_can_go_on_by_is_seen_at_once_as_long_as_turns_are_saved() -> None:
    driver = Driver()
    for _ in range(3):
        driver.attention.notice(is_urgent=True)
        assert driver.looks()
    driver.attention.notice(is_urgent=True)
    assert driver.look_after(1.0)
    driver.now_s += 60
    driver.attention.notice(is_urgent=False)
    driver.attention.notice(is_urgent=True)
    assert driver.looks()


def test_looks_at_what_can_wait_take_turns_too() -> None:
    driver = Driver()
    driver.attention.notice(is_urgent=False)
    assert driver.looks()
    for _ in range(2):
        driver.attention.notice(is_urgent=True)
        assert driver.looks()
    driver.attention.notice(is_urgent=True)
    assert not driver.looks()


def test_what_the_driver_wants_itself_takes_no_turn() -> None:
    driver = Driver()
    for _ in range(100):
        driver.attention.ask()
        assert driver.looks()
    for _ in range(3):
        driver.attention.notice(is_urgent=True)
        driver.attention.ask()
        assert driver.looks()
    driver.attention.notice(is_urgent=True)
    assert not driver.looks()


def test_what_goes_on_in_silence_is_looked_at_every_few_seconds() -> None:
    driver = Driver()
    driver.is_silent = True
    assert driver.looks()
    assert driver.look_after(5.0)
    driver.is_silent = False
    driver.now_s += 1000
    assert not driver.looks()


def test_a_driver_that_rests_looks_afterwards_whatever_calls() -> None:
    driver = Driver()
    driver.attention.rest(30.0)
    driver.attention.ask()
    driver.attention.notice(is_urgent=True)
    assert driver.look_after(30.0)
    assert not driver.looks()


def test_a_call_from_another_thread_ends_the_wait() -> None:
    attention = Attention(PATIENCE, lambda: 0.0)
    caller = threading.Timer(0.05, attention.notice, kwargs={"is_urgent": True})
    caller.start()
    assert attention.wait(60, is_silent=False)
    caller.join()
