import json
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from gokart_store import canonical_json
from hypothesis import given
from hypothesis import strategies as st
from yule_models.encoding import FeatureColumns, Vocabulary
from yule_models.errors import FeatureTypeError


def learn(**columns: Any) -> FeatureColumns:
    return FeatureColumns.learn(pd.DataFrame(columns), at_least=1)


def test_columns_keep_their_order_and_numeric_ones_stand_first_in_matrices() -> None:
    columns = learn(plan=["a", "b"], age=[1, 2], device=["x", "x"], spend=[0.5, None])
    assert columns.names == ("plan", "age", "device", "spend")
    assert columns.numeric == ("age", "spend")
    assert columns.ordered == ("age", "spend", "plan", "device")


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pd.Series([1.5, None, np.inf, -np.inf, -0.0]), [1.5, None, None, None, 0.0]),
        (pd.Series([1, None], dtype="Int64"), [1, None]),
        (pd.Series([3, 250], dtype="uint8"), [3, 250]),
        (pd.Series([True, False]), [1, 0]),
        (pd.Series([True, None], dtype="boolean"), [1, None]),
        (pd.Series([True, None, np.bool_(0)], dtype=object), [1, None, 0]),
        (pd.Series([7, None]).astype("category"), [7, None]),
        (pd.Series([1, None], dtype=pd.ArrowDtype(pa.int64())), [1, None]),
        (pd.Series([True, None], dtype=pd.ArrowDtype(pa.bool_())), [1, None]),
        (pd.Series([0.5, None], dtype=pd.ArrowDtype(pa.float32())), [0.5, None]),
    ],
)
def test_numbers_and_booleans_become_floats(
    column: "pd.Series[Any]", expected: list[float | None]
) -> None:
    features = pd.DataFrame({"n": column})
    numbers = FeatureColumns.learn(features).numbers(features)
    assert numbers.shape == (len(expected), 1)
    assert [None if math.isnan(value) else value for value in numbers[:, 0]] == expected


@pytest.mark.parametrize(
    "values",
    [
        [pd.Timestamp("2024-01-01")],
        [pd.Timestamp("2024-01-01", tz="UTC")],
        [pd.Timedelta(1)],
        pd.array([Decimal(1)], dtype=object),
        pd.Series(["a", 1], dtype=object),
        pd.Series([True, "a"], dtype=object),
        pd.Series([1, 2], dtype=object),
        [b"bytes"],
        [["a", "b"]],
        [1j],
        pd.Categorical([pd.Timestamp("2024-01-01")]),
        pd.Series([("a",)]).astype("category"),
    ],
)
def test_other_types_are_refused(values: Any) -> None:
    with pytest.raises(FeatureTypeError, match=r"The feature 'x' is of the type .* Cast it"):
        learn(x=values)


def test_names_are_strings_and_stand_once() -> None:
    with pytest.raises(FeatureTypeError, match=r"names of features must be strings, got \[0, 1\]"):
        FeatureColumns.learn(pd.DataFrame([[1, 2]]))
    with pytest.raises(FeatureTypeError, match=r"each name once; got \['a', 'a'\]"):
        FeatureColumns.learn(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(FeatureTypeError, match="at least one feature"):
        FeatureColumns.learn(pd.DataFrame(index=[0, 1]))


def test_another_table_must_have_the_same_columns() -> None:
    columns = learn(a=[1], b=["x"])
    columns.check(pd.DataFrame({"a": [2.5], "b": [None]}))
    with pytest.raises(FeatureTypeError, match="they stand in another order"):
        columns.check(pd.DataFrame({"b": ["x"], "a": [1]}))
    with pytest.raises(FeatureTypeError, match=r"missing are \['b'\], unknown are \['c'\]"):
        columns.check(pd.DataFrame({"a": [1], "c": ["x"]}))
    with pytest.raises(FeatureTypeError, match="'b' has the type int64, and had another kind"):
        columns.check(pd.DataFrame({"a": [1], "b": [1]}))


@pytest.mark.parametrize("nothing", [[None], [np.nan], pd.array([pd.NA], dtype="Int64")])
def test_a_column_without_values_may_be_of_any_type(nothing: Any) -> None:
    columns = learn(a=[1], b=["x"])
    features = pd.DataFrame({"a": nothing, "b": nothing})
    columns.check(features)
    assert np.isnan(columns.numbers(features)).all()
    assert columns.codes(features).tolist() == [[0]]


def test_tables_of_one_kind_only_have_an_empty_other_matrix() -> None:
    features = pd.DataFrame({"a": [1.0, 2.0]})
    assert FeatureColumns.learn(features).codes(features).shape == (2, 0)
    features = pd.DataFrame({"a": ["x", "y"]})
    assert FeatureColumns.learn(features).numbers(features).shape == (2, 0)


def test_the_given_table_is_not_changed() -> None:
    features = pd.DataFrame({"a": [1.0, np.inf]})
    FeatureColumns.learn(features).numbers(features)
    assert features["a"].tolist() == [1.0, np.inf]


@given(
    names=st.lists(st.text(min_size=1), min_size=1, max_size=4, unique=True),
    values=st.lists(st.text(), max_size=4, unique=True),
)
def test_the_json_form_holds_everything(names: list[str], values: list[str]) -> None:
    vocabularies = {name: Vocabulary(values=tuple(values)) for name in names[::2]}
    columns = FeatureColumns(names=tuple(names), vocabularies=vocabularies)
    again = FeatureColumns.of(json.loads(canonical_json(columns.to_json())))
    assert again == columns
    assert again.ordered == columns.ordered
