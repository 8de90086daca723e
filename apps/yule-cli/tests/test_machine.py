from pathlib import Path

import pytest
from yule_cli.machine import Machine, container_limits

V1_UNLIMITED = 0x7FFFFFFFFFFFF000
"""What version 1 says of memory where nobody has set a limit."""


def mounted(root: Path, files: dict[str, str]) -> Path:
    """A folder of control groups, as a container sees it."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n", encoding="utf-8")
    return root


def test_this_machine_has_cores_and_memory() -> None:
    machine = Machine.here()

    assert machine.cpu >= 1
    assert 0 < machine.memory_gib < 2**20


def test_less_memory_may_be_given_and_never_more() -> None:
    machine = Machine(cpu=2, memory_gib=4.0)

    assert machine.limited(memory_gib=1.5) == Machine(cpu=2, memory_gib=1.5)
    assert machine.limited(memory_gib=64) == machine
    assert machine.limited(memory_gib=None) == machine


@pytest.mark.parametrize(
    ("files", "cpu", "memory"),
    [
        ({}, None, None),
        ({"cpu.max": "250000 100000", "memory.max": "3221225472"}, 2, 3 * 2**30),
        ({"cpu.max": "50000 100000", "memory.max": "max"}, 1, None),
        ({"cpu.max": "max 100000"}, None, None),
        (
            {
                "cpu/cpu.cfs_quota_us": "300000",
                "cpu/cpu.cfs_period_us": "100000",
                "memory/memory.limit_in_bytes": "1073741824",
            },
            3,
            2**30,
        ),
        (
            {
                "cpu/cpu.cfs_quota_us": "-1",
                "cpu/cpu.cfs_period_us": "100000",
                "memory/memory.limit_in_bytes": str(V1_UNLIMITED),
            },
            None,
            V1_UNLIMITED,
        ),
        ({"cpu/cpu.cfs_quota_us": "20000", "cpu/cpu.cfs_period_us": "100000"}, 1, None),
    ],
    ids=["none", "2", "2, half a core", "2, unlimited", "1", "1, unlimited", "1, a fifth"],
)
def test_a_container_has_the_limits_of_either_version(
    tmp_path: Path, files: dict[str, str], cpu: int | None, memory: int | None
) -> None:
    assert container_limits(mounted(tmp_path, files)) == (cpu, memory)


def test_a_machine_has_no_more_than_its_container(tmp_path: Path) -> None:
    files = {
        "cpu/cpu.cfs_quota_us": "100000",
        "cpu/cpu.cfs_period_us": "100000",
        "memory/memory.limit_in_bytes": str(64 * 2**20),
    }
    assert Machine.here(mounted(tmp_path, files)) == Machine(cpu=1, memory_gib=1 / 16)


def test_a_limit_above_what_there_is_changes_nothing(tmp_path: Path) -> None:
    files = {
        "cpu/cpu.cfs_quota_us": "102400000",
        "cpu/cpu.cfs_period_us": "100000",
        "memory/memory.limit_in_bytes": str(V1_UNLIMITED),
    }
    (tmp_path / "none").mkdir()
    here = Machine.here(tmp_path / "none")

    assert Machine.here(mounted(tmp_path / "limits", files)) == here
