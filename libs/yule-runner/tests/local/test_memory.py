"""A worker that the kernel kills because its control group ran out of memory."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_BYTES = str(700 << 20)
_TREE = Path("/sys/fs/cgroup")
_LIMITS = (
    (_TREE, {"memory.max": _BYTES, "memory.swap.max": "0"}),
    (_TREE / "memory", {"memory.limit_in_bytes": _BYTES, "memory.swappiness": "0"}),
)


@pytest.fixture
def small_group() -> Iterator[Path]:
    """A control group with 700 MiB of memory and no swap."""
    reasons = []
    for tree, limits in _LIMITS:
        group = tree / f"yule-test-{uuid.uuid4().hex[:8]}"
        try:
            group.mkdir()
        except OSError as error:
            reasons.append(str(error))
            continue
        try:
            for name, value in limits.items():
                with (group / name).open("r+") as file:  # the kernel's, not one of our making
                    file.write(value)
        except OSError as error:
            reasons.append(str(error))
            group.rmdir()
            continue
        yield group
        group.rmdir()
        return
    pytest.skip(f"no control group with a limit can be made here: {'; '.join(reasons)}")


def test_the_report_names_the_task_and_what_it_declared_and_used(
    bench: Any, small_group: Path
) -> None:
    greedy = {"name": "greedy", "memory_gib": 0.25, "allocate_mib": 4096}
    driver = bench.start(bench.scripted(greedy), "--retries", "0")
    (small_group / "cgroup.procs").write_text(str(driver.pid))
    _, said = driver.communicate(timeout=120)

    assert driver.returncode == 65, said
    assert "yule_runner_demo.Scripted" in said
    found = re.search(
        r"The worker was killed by SIGKILL because memory ran out; "
        r"the task had used up to (\S+) GiB and declares 0\.25 GiB\.",
        said,
    )
    assert found is not None, said
    assert 0.25 < float(found[1]) < 0.7
