import pytest
from hypothesis import given
from hypothesis import strategies as st
from mushroom.durations import DurationError, parse_duration_s


@given(st.integers(1, 10_000), st.sampled_from([("h", 3600), ("d", 86_400), ("w", 604_800)]))
def test_a_length_is_its_number_of_units(number: int, unit: tuple[str, int]) -> None:
    assert parse_duration_s(f"{number}{unit[0]}") == number * unit[1]


@pytest.mark.parametrize("text", ["", "0d", "60", "d", "1.5d", "-1d", " 1d", "1 d", "1m", "01d"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(DurationError, match="is not a length of time; write a positive number of"):
        parse_duration_s(text)
