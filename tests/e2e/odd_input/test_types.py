"""The same shop, its labels and ids stored as other types: the same scores."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from variants import predictions, quick_shop, run, table, write

LABEL = ("labels", "ordered")
IDS = (("labels", "customer"), ("visits", "customer"), ("orders", "customer"))


def scores(printed: dict[str, Any]) -> pa.Table:
    # The model's version tells the data apart, in which the types stand.
    return predictions(printed).drop_columns("model_version")


@pytest.mark.parametrize(
    ("label", "ids"),
    [
        (pa.bool_(), (pa.uint8(), pa.int16(), pa.uint32())),
        (pa.float64(), (pa.int32(), pa.uint64(), pa.int64())),
    ],
    ids=["bool", "float"],
)
def test_types_do_not_matter(
    tmp_path: Path, plain: dict[str, Any], label: pa.DataType, ids: tuple[pa.DataType, ...]
) -> None:
    case = quick_shop(tmp_path / "shop")
    for (name, column), kind in zip((LABEL, *IDS), (label, *ids), strict=True):
        rows = table(case, name)
        position = rows.column_names.index(column)
        write(case, name, rows.set_column(position, column, rows[column].cast(kind)))

    assert scores(run(case)).equals(scores(plain))
