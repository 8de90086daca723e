"""What the processes of one run may spend together."""

import fcntl
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from mushroom import WarehouseError
from mushroom.warehouse.bigquery.address import Address
from mushroom.warehouse.bigquery.budget import Budget

ADDRESS = Address.parse("bigquery://acme-data/shop?run_max_gib=10")
GIB = 2**30


def is_waited_for(file: Path) -> bool:
    """Whether somebody waits for the lock of a file, as Linux tells."""
    inode = f":{file.stat().st_ino} "
    locks = Path("/proc/locks").read_text("utf-8").splitlines()
    return any("->" in line and inode in line for line in locks)


def test_a_plan_sees_what_another_process_planned_just_before(tmp_path: Path) -> None:
    """Both look at once; the second counts what the first has noted, however close they are."""
    ledger = tmp_path / "ledger.jsonl"
    with ThreadPoolExecutor(1) as pool, ledger.open("a") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = pool.submit(Budget(ADDRESS, ledger=ledger).plan, "b", 6 * GIB, reads="t")
        while not is_waited_for(ledger):
            assert not second.done()
        first.write(json.dumps(["a", 6 * GIB]) + "\n")
        first.flush()
        fcntl.flock(first, fcntl.LOCK_UN)
        with pytest.raises(WarehouseError, match=r"6.0 GiB .* of the queries before it, .* 10.0 G"):
            second.result(60)
    assert Budget(ADDRESS, ledger=ledger).planned_bytes == 6 * GIB
