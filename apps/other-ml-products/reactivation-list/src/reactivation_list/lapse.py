"""Who had lapsed at a time, and who of them came back: rows for features and models."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from reactivation_list.errors import RequestError

__all__ = ["lapsed_rows", "with_outcomes"]

_ORDER = [("entity_id", "ascending"), ("as_of", "ascending")]


def lapsed_rows(stopped: pa.Table, *, lapsed_after_days: int) -> pa.Table:
    """The entities that had lapsed, as of the end of their silence.

    Args:
        stopped: Rows of mushroom's `label_stopped`: `entity_id`, `as_of` (when the silence would
            begin) and `label` (whether it held for `lapsed_after_days`).
        lapsed_after_days: How long the silence is, in days of 24 hours.

    Returns:
        `entity_id`, `as_of` and `data_until`, sorted.

    Raises:
        RequestError: Nobody had.
    """
    silent = stopped.filter(pc.field("label"))
    if not len(silent):
        raise RequestError(
            f"Nobody has lapsed: of {len(stopped)} customers that are remembered, all had an event "
            f"in the last {lapsed_after_days} days. Choose a shorter --lapsed-after."
        )
    ends = pc.add(silent["as_of"], pa.scalar(timedelta(days=lapsed_after_days)))
    ends = ends.cast(stopped.schema.field("as_of").type)
    rows = pa.table({"entity_id": silent["entity_id"], "as_of": ends, "data_until": ends})
    return rows.sort_by(_ORDER).combine_chunks()


def with_outcomes(rows: pa.Table, returned: pa.Table) -> pa.Table:
    """The lapsed entities with what became of them.

    Args:
        rows: From `lapsed_rows`.
        returned: Rows of mushroom's `label_event` for the same times: `entity_id`, `as_of`,
            `label`; others than those that lapsed may be among them.

    Returns:
        The rows, with `returned`: 1 or 0.
    """
    labels = returned.set_column(
        returned.column_names.index("label"), "returned", returned["label"].cast(pa.int64())
    )
    joined = rows.join(labels, keys=["entity_id", "as_of"], join_type="inner")
    if len(joined) != len(rows):
        raise AssertionError("label_event remembers all whom label_stopped does, and longer")
    return joined.sort_by(_ORDER).combine_chunks()
