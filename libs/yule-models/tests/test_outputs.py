import numpy as np
import pyarrow as pa
import pytest
from yule_models.outputs import (
    OutputError,
    output_columns,
    output_slices,
    prediction_columns,
    prediction_matrix,
)
from yule_models.targets import Target

TARGETS = (
    Target(name="purchased", kind="binary"),
    Target(name="segment", kind="multiclass", classes=("new", "old")),
    Target(name="spend", kind="regression"),
)


def test_a_multiclass_target_has_a_column_for_each_class() -> None:
    assert output_columns(TARGETS) == {
        "purchased": ("purchased",),
        "segment": ("segment.new", "segment.old"),
        "spend": ("spend",),
    }


def test_outputs_stand_side_by_side() -> None:
    assert output_slices(TARGETS) == {
        "purchased": slice(0, 1),
        "segment": slice(1, 3),
        "spend": slice(3, 4),
    }


def test_columns_are_named_and_read_back() -> None:
    matrix = np.array([[0.1, 0.2, 0.8, 5.0], [0.9, 0.5, 0.5, 7.0]])
    columns = prediction_columns(matrix, TARGETS)
    assert columns["segment.old"].to_pylist() == [0.8, 0.5]
    assert (prediction_matrix(pa.table(columns), TARGETS) == matrix).all()


def test_another_number_of_outputs_is_refused() -> None:
    with pytest.raises(OutputError, match=r"need 4 columns, got an array of shape \(2, 1\)"):
        prediction_columns(np.zeros((2, 1)), TARGETS)
