from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yule_models.encoding import Vocabulary
from yule_models.encoding.vocabulary import MISSING, OTHER

_TEXTS = st.lists(st.none() | st.sampled_from(["a", "b", "é", "", "nan", "None"]) | st.text())


def vocabulary_of(values: list[Any], *, most: int = 10, at_least: int = 1) -> Vocabulary:
    return Vocabulary.of(pd.Series(values, dtype=object), most=most, at_least=at_least)


def test_frequent_categories_come_first_and_ties_by_value() -> None:
    assert vocabulary_of(["b", "a", "c", "c", "b", "a", "c"]).values == ("c", "a", "b")


def test_rare_categories_and_those_beyond_the_limit_have_no_code() -> None:
    values = ["x", "y", "y", "z", "z", "z", None]
    assert vocabulary_of(values, at_least=2).values == ("z", "y")
    assert vocabulary_of(values, most=1).values == ("z",)


def test_other_and_missing_differ() -> None:
    vocabulary = Vocabulary(values=("red", "blue"))
    codes = vocabulary.encode(
        pd.Series(["blue", None, "red", "mauve", np.nan, pd.NA], dtype=object)
    )
    assert codes.tolist() == [3, MISSING, 2, OTHER, MISSING, MISSING]
    assert vocabulary.size == 4


def test_words_for_missing_are_words() -> None:
    vocabulary = vocabulary_of(["nan", "None", "", None])
    assert vocabulary.values == ("", "None", "nan")
    assert MISSING not in vocabulary.encode(pd.Series(["nan", "None", ""]))


@pytest.mark.parametrize(
    "dtype",
    [
        "str",
        "object",
        "category",
        "string[pyarrow]",
        "string[python]",
        pd.CategoricalDtype(["blue", "never", "red"]),
    ],
)
def test_every_type_of_strings_has_the_same_codes(dtype: Any) -> None:
    column = pd.Series(["red", None, "red", "blue"]).astype(dtype)
    vocabulary = Vocabulary.of(column, most=10, at_least=1)
    assert vocabulary.values == ("red", "blue")
    assert vocabulary.encode(column).tolist() == [2, MISSING, 2, 3]
    assert vocabulary.encode(column.iloc[:0]).shape == (0,)


def test_a_column_without_values_has_missing_codes_only() -> None:
    vocabulary = vocabulary_of([None, None])
    assert vocabulary.values == ()
    assert vocabulary.encode(pd.Series([None, "a"], dtype=object)).tolist() == [MISSING, OTHER]
    assert vocabulary.encode(pd.Series([np.nan, np.nan])).tolist() == [MISSING, MISSING]


@given(learned=_TEXTS, met=_TEXTS, most=st.integers(0, 5), at_least=st.integers(1, 3))
def test_codes_stay_within_the_vocabulary(
    learned: list[str | None], met: list[str | None], most: int, at_least: int
) -> None:
    vocabulary = vocabulary_of(learned, most=most, at_least=at_least)
    codes = vocabulary.encode(pd.Series(met, dtype=object))
    known = {value: code for code, value in enumerate(vocabulary.values, start=2)}
    expected = [MISSING if value is None else known.get(value, OTHER) for value in met]
    assert codes.tolist() == expected
    assert len(vocabulary.values) <= most


@given(values=_TEXTS, seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(values: list[str | None], seed: int) -> None:
    shuffled = [values[i] for i in np.random.default_rng(seed).permutation(len(values))]
    assert vocabulary_of(shuffled) == vocabulary_of(values)
