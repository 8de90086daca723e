"""What queries may cost: refused before they run, in bytes and in money."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from mushroom.errors import WarehouseError
from mushroom.warehouse.bigquery.address import Address

__all__ = ["Budget", "ledger_path"]

_TIB = 2**40
_UNITS = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


class Budget:
    """The limits of one warehouse and what has been planned against them.

    Args:
        address: The limits, and the price.
        ledger: A file that the processes of one run share; None: each counts by itself.
    """

    def __init__(self, address: Address, *, ledger: Path | None = None) -> None:
        self._address = address
        self._ledger = ledger
        self._own: dict[str, int] = {}

    @property
    def planned_bytes(self) -> int:
        """What the run's queries read, by their estimates."""
        return sum(self._planned().values())

    def plan(self, job: str, estimate: int, *, reads: str) -> None:
        """Count a job that is about to run; one that is counted already is not counted again.

        Args:
            job: The job's id.
            estimate: The bytes that it reads, by its dry run.
            reads: The tables, for the error.

        Raises:
            WarehouseError: It would go beyond a limit.
        """
        address = self._address
        costs = f"{show_bytes(estimate)} ({self.money(estimate)})"
        if address.max_bytes is not None and estimate > address.max_bytes:
            raise WarehouseError(
                f"A query that reads {reads} would read {costs}, more than the "
                f"{show_bytes(address.max_bytes)} ({self.money(address.max_bytes)}) that one query "
                "may read; ask for less, or raise max_gib in the warehouse's URL."
            )
        limit = address.run_max_bytes
        with self._alone():
            before = sum(size for name, size in self._planned().items() if name != job)
            if limit is not None and before + estimate > limit:
                raise WarehouseError(
                    f"A query that reads {reads} would read {costs}; with the "
                    f"{show_bytes(before)} ({self.money(before)}) of the queries before it, that "
                    f"is more than the {show_bytes(limit)} ({self.money(limit)}) that a run may "
                    "read; ask for less, or raise run_max_gib in the warehouse's URL."
                )
            self._note(job, estimate)

    def money(self, size: int) -> str:
        """What reading so many bytes costs on demand."""
        cost = Decimal(size) / _TIB * self._address.price_per_tib
        return f"{cost:.2f} {self._address.currency}"

    def _planned(self) -> dict[str, int]:
        if self._ledger is None or not self._ledger.exists():
            return self._own
        lines = self._ledger.read_text("utf-8").splitlines()
        return {**self._own, **dict(json.loads(line) for line in lines)}

    def _note(self, job: str, estimate: int) -> None:
        self._own[job] = estimate
        if self._ledger is not None:
            with self._ledger.open("a", encoding="utf-8") as file:
                file.write(json.dumps([job, estimate]) + "\n")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process counts meanwhile: two that looked at once would both be within."""
        if self._ledger is None:
            yield
            return
        self._ledger.parent.mkdir(parents=True, exist_ok=True)
        with self._ledger.open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def ledger_path(cache: Path | None, moment: str) -> Path | None:
    """The file in which a run's processes count together; the moment of its plan tells it apart."""
    if cache is None or not moment:
        return None
    name = "".join(letter if letter.isalnum() else "-" for letter in moment)
    return cache / f"bigquery-{name}.jsonl"


def show_bytes(size: int) -> str:
    """A size in the largest unit that it fills.

    >>> show_bytes(5 * 2**30), show_bytes(17)
    ('5.0 GiB', '17 bytes')
    """
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} bytes"
