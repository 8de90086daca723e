"""The state of a table's content, as its metadata tell it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from mushroom.errors import SnapshotChangedError, WarehouseError
from mushroom.warehouse.bigquery.types import field_type

if TYPE_CHECKING:
    from google.cloud.bigquery import Table

__all__ = ["TRAVEL", "State", "check_unchanged", "reaches_back"]

TRAVEL = timedelta(days=7)
"""How long BigQuery keeps the past of a table."""


@dataclass(frozen=True, kw_only=True)
class State:
    """What a table is and when it was changed last.

    Attributes:
        shape: Tells tables apart that hold other columns, or were made anew.
        modified: The milliseconds of the last change of each base table, in their order.
    """

    shape: str
    modified: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.shape}@{'-'.join(map(str, self.modified))}"

    @classmethod
    def of_table(cls, table: Table) -> Self:
        """The state of a base table.

        Raises:
            WarehouseError: Its metadata do not tell when its content changed.
        """
        if table.table_type not in ("TABLE", "SNAPSHOT", "CLONE"):
            raise WarehouseError(_declare(table, f"is of the type {table.table_type}"))
        if table.external_data_configuration is not None:
            raise WarehouseError(_declare(table, "lies outside BigQuery"))
        if table.streaming_buffer is not None:
            raise WarehouseError(_declare(table, "is being streamed into"))
        columns = [f"{field.name} {field_type(field)}" for field in table.schema]
        made = str(_milliseconds(table.created))
        return cls(shape=_digest([made, *columns]), modified=(_milliseconds(table.modified),))

    @classmethod
    def of_view(cls, definition: str, bases: Iterable[State]) -> Self:
        """The state of a view over base tables."""
        states = tuple(bases)
        return cls(
            shape=_digest([definition, *(state.shape for state in states)]),
            modified=tuple(time for state in states for time in state.modified),
        )


def check_unchanged(table: str, *, planned: str, found: str, moment: datetime | None) -> None:
    """Refuse to read a table that is not, and cannot be read as, what it was.

    Args:
        table: Its name.
        planned: The identity that the plan speaks of.
        found: The present one.
        moment: When the plan was made, where its state can be read again; None: nowhere.

    Raises:
        SnapshotChangedError: The table was changed in a way that time travel does not undo.
    """
    if planned == found:
        return
    if planned.partition("@")[0] != found.partition("@")[0]:
        raise SnapshotChangedError(
            f"The table {table!r} was made anew, or has other columns, since the run was planned; "
            "run again, so that everything reads the same data."
        )
    if moment is None:
        raise SnapshotChangedError(
            f"The table {table!r} has changed since the run was planned; run again, so that "
            "everything reads the same data."
        )
    if not reaches_back(moment):
        raise SnapshotChangedError(
            f"The table {table!r} has changed since the run was planned at {moment.isoformat()}, "
            f"and BigQuery keeps the past of a table for {TRAVEL.days} days only; plan a new run."
        )


def reaches_back(moment: datetime) -> bool:
    """Whether tables can still be read as of a moment."""
    return datetime.now(UTC) - moment < TRAVEL


def _declare(table: Table, trouble: str) -> str:
    name = f"{table.project}.{table.dataset_id}.{table.table_id}"
    return (
        f"{name} {trouble}, so that BigQuery does not tell when its content changed; declare a "
        "snapshot of it in the warehouse's URL, such as "
        f"snapshot.{table.table_id}=2026-11-24, and change that whenever the content does."
    )


def _milliseconds(moment: datetime | None) -> int:
    if moment is None:
        return 0
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
