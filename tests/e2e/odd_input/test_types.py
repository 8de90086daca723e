"""The same shop, its labels and ids stored as other types: the same scores."""

from pathlib import Path

import pyarrow as pa
import pytest
from variants import predictions, quick_shop, run, table, write

LABEL = ("labels", "ordered")
IDS = (("labels", "customer"), ("visits", "customer"), ("orders", "customer"))


def scores(case: Path) -> pa.Table:
    # The model's version tells the data apart, in which the types stand.
    return predictions(run(case)).drop_columns("model_version")


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    return scores(quick_shop(tmp_path_factory.mktemp("types") / "plain"))


@pytest.mark.parametrize(
    ("label", "ids"),
    [
        (pa.bool_(), (pa.uint8(), pa.int16(), pa.uint32())),
        (pa.float64(), (pa.int32(), pa.uint64(), pa.int64())),
    ],
    ids=["bool", "float"],
)
def test_types_do_not_matter(
    tmp_path: Path, expected: pa.Table, label: pa.DataType, ids: tuple[pa.DataType, ...]
) -> None:
    case = quick_shop(tmp_path / "shop")
    for (name, column), kind in zip((LABEL, *IDS), (label, *ids), strict=True):
        rows = table(case, name)
        position = rows.column_names.index(column)
        write(case, name, rows.set_column(position, column, rows[column].cast(kind)))

    assert scores(case).equals(expected)
