from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from yule_models.alignment import AlignmentError, check_aligned

DAY = datetime(2024, 1, 1, tzinfo=UTC)
NEXT_DAY = datetime(2024, 1, 2, tzinfo=UTC)


def rows(*entities: Any, as_of: datetime = DAY) -> pa.Table:
    times = pa.array([as_of] * len(entities), pa.timestamp("us", "UTC"))
    return pa.table({"entity_id": pa.array(entities), "as_of": times})


def test_the_same_rows_are_aligned_whatever_else_the_tables_hold() -> None:
    more = rows(1, 2).append_column("feature", pa.array([0.5, None]))
    check_aligned(more, rows(1, 2), names=("features", "labels"))
    check_aligned(rows("a"), rows("a"), names=("features", "labels"))


def test_types_of_the_same_meaning_are_aligned() -> None:
    narrow = rows(1, 2)
    narrow = narrow.set_column(0, "entity_id", pa.array([1, 2], pa.int32()))
    narrow = narrow.set_column(1, "as_of", narrow["as_of"].cast(pa.timestamp("ms", "UTC")))
    check_aligned(narrow, rows(1, 2), names=("features", "labels"))


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (rows(1), "features have 2 rows, the labels 1"),
        (rows(1, 3), "Row 1 of the features has entity_id 2, that of the labels 3"),
        (rows(2, 1), "Row 0 of the features has entity_id 1, that of the labels 2"),
        (rows(1, None), "Row 1 of the features has entity_id 2, that of the labels None"),
        (rows(1, 2, as_of=NEXT_DAY), "Row 0 of the features has as_of 2024-01-01"),
        (rows(1, 2).drop_columns(["as_of"]), "The labels lack the column 'as_of'"),
    ],
)
def test_other_rows_are_refused(other: pa.Table, message: str) -> None:
    with pytest.raises(AlignmentError, match=message):
        check_aligned(rows(1, 2), other, names=("features", "labels"))
