import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from yule_models.encoding.piecewise import Floats, PiecewiseLinear

NAN = np.nan
_NUMBERS = st.floats(allow_infinity=False, allow_nan=True)
_TABLES = st.integers(1, 3).flatmap(
    lambda columns: st.tuples(
        *[
            arrays.arrays(
                np.float64, st.tuples(st.integers(1, 8), st.just(columns)), elements=_NUMBERS
            )
            for _ in range(2)
        ]
    )
)


def column(*values: float) -> Floats:
    return np.array(values).reshape(-1, 1)


def test_a_number_fills_its_bins_from_below() -> None:
    encoding = PiecewiseLinear.learn(column(0, 1, 2, 3, 10), bins=2)
    assert encoding.edges.tolist() == [[0, 2, 10]]
    found = encoding.transform(column(0, 1, 2, 4, 10, -5, 99))
    assert found.dtype == np.float32
    assert found[:, 0].tolist() == [
        [0, 0, 0],
        [0.5, 0, 0],
        [1, 0, 0],
        [1, 0.25, 0],
        [1, 1, 0],
        [0, 0, 0],
        [1, 1, 0],
    ]


def test_a_missing_number_fills_nothing_and_says_so() -> None:
    encoding = PiecewiseLinear.learn(column(0, 4, NAN), bins=2)
    assert encoding.edges.tolist() == [[0, 2, 4]]
    assert encoding.transform(column(NAN))[0, 0].tolist() == [0, 0, 1]


def test_bins_between_equal_quantiles_are_steps() -> None:
    encoding = PiecewiseLinear.learn(column(5, 5, 5), bins=2)
    assert encoding.transform(column(4, 5, 6))[:, 0].tolist() == [[0, 0, 0], [0, 0, 0], [1, 1, 0]]


def test_a_column_without_values_has_bins_from_0_to_1() -> None:
    assert PiecewiseLinear.learn(column(NAN, NAN), bins=4).edges.tolist() == [
        [0, 0.25, 0.5, 0.75, 1]
    ]


@pytest.mark.filterwarnings("error")
@given(tables=_TABLES, bins=st.integers(1, 5))
def test_every_code_lies_between_0_and_1(tables: tuple[Floats, Floats], bins: int) -> None:
    learned, met = tables
    encoding = PiecewiseLinear.learn(learned, bins=bins)
    found = encoding.transform(met)
    assert found.shape == (*met.shape, encoding.width)
    assert ((found >= 0) & (found <= 1)).all()


@given(tables=_TABLES)
def test_larger_numbers_fill_no_less(tables: tuple[Floats, Floats]) -> None:
    learned, met = tables
    encoding = PiecewiseLinear.learn(learned, bins=3)
    ordered = np.sort(np.nan_to_num(met), axis=0)
    assert (np.diff(encoding.transform(ordered), axis=0) >= 0).all()


@given(tables=_TABLES)
def test_stored_arrays_hold_everything(tables: tuple[Floats, Floats]) -> None:
    learned, met = tables
    encoding = PiecewiseLinear.learn(learned, bins=3)
    again = PiecewiseLinear.of(encoding.arrays())
    assert again.transform(met).tobytes() == encoding.transform(met).tobytes()
