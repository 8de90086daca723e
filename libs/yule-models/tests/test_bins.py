from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yule_models.bins import MOST_BINS, bin_codes
from yule_models.errors import FeatureTypeError


def codes(values: Any, kind: pa.DataType | None = None) -> list[int]:
    return bin_codes(pa.chunked_array([pa.array(values, kind)])).tolist()


def test_missing_values_nan_and_infinities_are_one_bin() -> None:
    assert codes([None, float("nan"), float("inf"), 1.0, -float("inf")]) == [0, 0, 0, 1, 0]


def test_few_numbers_have_a_bin_each_in_their_order() -> None:
    assert codes([30, 10, 20, 10]) == [3, 1, 2, 1]


def test_booleans_are_numbers() -> None:
    assert codes([True, False, None]) == [2, 1, 0]


def test_many_numbers_share_bins_of_like_sizes() -> None:
    found = np.bincount(codes(list(range(3200))))
    assert len(found) == MOST_BINS
    assert found[0] == 0
    assert found[1:].min() > 90


def test_texts_have_a_bin_each_and_rare_ones_share_the_last() -> None:
    frequent = [f"word {place:02d}" for place in range(MOST_BINS - 2)]
    found = codes(["rare", *frequent, *frequent, "seldom", None])
    assert found[0] == found[-2] == MOST_BINS - 1
    assert found[1 : MOST_BINS - 1] == list(range(1, MOST_BINS - 1))
    assert found[-1] == 0


def test_of_equally_frequent_texts_those_that_sort_first_have_a_bin() -> None:
    words = [f"word {place:02d}" for place in range(MOST_BINS + 5)]
    assert codes(words[::-1])[::-1] == [*range(1, MOST_BINS - 1), *[MOST_BINS - 1] * 7]


def test_a_column_without_values_is_one_bin() -> None:
    assert codes([None, None], pa.null()) == codes([None, None], pa.string()) == [0, 0]
    assert codes([None, None], pa.float64()) == [0, 0]


def test_a_dictionary_is_read_by_its_values() -> None:
    column = pa.chunked_array([pa.array(["b", "a", "b", None]).dictionary_encode()])
    assert bin_codes(column).tolist() == [1, 2, 1, 0]


def test_a_list_is_refused() -> None:
    with pytest.raises(FeatureTypeError, match=r"of the type list<.*cannot be cut into bins"):
        codes([[1], [2]])


@given(st.lists(st.none() | st.integers(-50, 50) | st.floats(), min_size=1, max_size=200))
def test_equal_numbers_share_a_bin_and_larger_ones_have_no_lower_one(values: list[Any]) -> None:
    found = bin_codes(pa.chunked_array([pa.array(values, pa.float64())]))
    assert found.min() >= 0
    assert found.max() < MOST_BINS
    numbers = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    known = np.isfinite(numbers)
    assert not found[~known].any()
    order = np.argsort(numbers[known], kind="stable")
    steps, raised = np.diff(numbers[known][order]), np.diff(found[known][order])
    assert (raised >= 0).all()
    assert (raised[steps == 0] == 0).all()


@given(st.permutations(["a", "b", "b", None, "c"]))
def test_the_order_of_rows_changes_no_bin(values: list[str | None]) -> None:
    expected = {"b": 1, "a": 2, "c": 3, None: 0}
    assert codes(values, pa.string()) == [expected[value] for value in values]
