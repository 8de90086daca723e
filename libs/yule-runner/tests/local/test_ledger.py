from __future__ import annotations

import pytest
from gokart_store import Resources
from yule_runner.local.ledger import Ledger


def test_room_is_what_all_declarations_leave() -> None:
    ledger = Ledger(cpu=4, memory_gib=10, gpu=0)
    assert ledger.room_for(Resources(cpu=1, memory_gib=1)) == 4
    assert ledger.room_for(Resources(cpu=1, memory_gib=4)) == 2
    ledger.take(Resources(cpu=3, memory_gib=1))
    assert ledger.room_for(Resources(cpu=1, memory_gib=1)) == 1
    assert ledger.room_for(Resources(cpu=2, memory_gib=1)) == 0
    ledger.give_back(Resources(cpu=3, memory_gib=1))
    assert ledger.room_for(Resources(cpu=2, memory_gib=1)) == 2


def test_fractions_of_a_core_add_up() -> None:
    ledger = Ledger(cpu=1, memory_gib=10, gpu=0)
    for _ in range(9):
        ledger.take(Resources(cpu=0.1, memory_gib=0.1))
    assert ledger.room_for(Resources(cpu=0.1, memory_gib=0.1)) == 1


def test_a_task_with_more_threads_than_cores_has_them_all() -> None:
    ledger = Ledger(cpu=2, memory_gib=10, gpu=0)
    wide = Resources(cpu=8, memory_gib=1)
    assert ledger.refusal(wide) is None
    assert ledger.room_for(wide) == 1
    ledger.take(wide)
    assert ledger.room_for(Resources(cpu=0.5, memory_gib=1)) == 0


@pytest.mark.parametrize(
    ("resources", "reason"),
    [
        (Resources(memory_gib=11), "declares 11 GiB of memory, and local workers share 10 GiB"),
        (Resources(gpu=2), "declares 2 GPUs, and local workers share 1"),
    ],
)
def test_what_never_fits_is_explained(resources: Resources, reason: str) -> None:
    assert reason in str(Ledger(cpu=2, memory_gib=10, gpu=1).refusal(resources))
