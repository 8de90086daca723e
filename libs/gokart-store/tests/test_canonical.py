import json
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from gokart_store import ParameterValueError, canonical_json, digest
from hypothesis import given
from hypothesis import strategies as st

finite = st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | st.integers() | finite | st.text()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


class Kind(StrEnum):
    ONE = "one"


@given(values)
def test_the_text_means_what_was_written(value: Any) -> None:
    assert json.loads(canonical_json(value)) == value


@given(values)
def test_writing_again_what_was_read_changes_nothing(value: Any) -> None:
    text = canonical_json(value)

    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(st.text(), scalars), st.randoms())
def test_the_order_of_keys_does_not_matter(value: dict[str, Any], random: Any) -> None:
    shuffled = random.sample(list(value.items()), len(value))

    assert canonical_json(dict(shuffled)) == canonical_json(value)


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_has_one_form(number: int) -> None:
    assert canonical_json(float(number)) == canonical_json(number) == str(number)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.0, "0"),
        (1e22, "10000000000000000000000"),
        (0.1, "0.1"),
        (True, "true"),
        ((1, [2, ()]), "[1,[2,[]]]"),
        (np.float64(0.5), "0.5"),
        (Kind.ONE, '"one"'),
        ("日本🍄\n", '"日本🍄\\n"'),
    ],
)
def test_values_have_one_text(value: Any, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": [1, float("nan")]}, r"\$\.a\[1\] is nan; a number in a parameter must be finite"),
        (float("-inf"), r"\$ is -inf"),
        ({"a": {1: 2}}, r"\$\.a has the key 1; the keys of a JSON object must be strings"),
        ({"a": {1, 2}}, r"\$\.a is \{1, 2\} of type set, which JSON cannot express"),
        (b"bytes", "of type bytes"),
        (Fraction(1, 2), "of type Fraction"),
        (np.int64(1), "of type int64"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(value: Any, message: str) -> None:
    with pytest.raises(ParameterValueError, match=message):
        canonical_json(value)


def test_digests_are_those_of_the_text() -> None:
    assert digest({"a": 1.0}) == digest({"a": 1})
    assert digest({"a": 1}) != digest({"a": True})
    # printf '{"a":1}' | sha256sum
    assert digest({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
