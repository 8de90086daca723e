from __future__ import annotations

import pytest
from gokart_store import Resources
from yule_runner.local.death import cause_of_death


def test_what_it_had_used_is_said() -> None:
    said = cause_of_death(-9, Resources(memory_gib=2), peak_gib=3.456, was_oom=True)

    assert "memory ran out; the task had used up to 3.46 GiB and declares 2 GiB." in said


@pytest.mark.parametrize(
    ("code", "was_oom", "words"),
    [
        (-9, False, "killed by SIGKILL: memory most likely ran out (the task declares 2 GiB)"),
        (-9, True, "killed by SIGKILL because memory ran out; the task declares 2 GiB"),
        (-11, False, "crashed with SIGSEGV in compiled code"),
        (-15, False, "killed by SIGTERM"),
        (-99, False, "killed by signal 99"),
        (3, False, "ended by itself with exit code 3"),
    ],
)
def test_the_cause_is_put_into_words(code: int, was_oom: bool, words: str) -> None:
    assert words in cause_of_death(code, Resources(memory_gib=2), was_oom=was_oom)
