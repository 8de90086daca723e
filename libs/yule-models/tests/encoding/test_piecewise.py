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


def test_a_position_tells_how_many_bins_a_number_fills() -> None:
    encoding = PiecewiseLinear.learn(column(0, 1, 2, 3, 10), bins=2)
    assert encoding.edges.tolist() == [[0, 2, 10]]
    found = encoding.positions(column(0, 1, 2, 4, 10, -5, 99))
    assert found.dtype == np.float32
    assert found[:, 0].tolist() == [0, 0.5, 1, 1.25, 2, 0, 2]


def test_a_number_fills_the_bins_below_it_and_a_part_of_its_own() -> None:
    encoding = PiecewiseLinear.learn(column(0, 1, 2, 3, 10), bins=2)
    found = encoding.fillings(column(0, 1, 4, 99, NAN))
    assert found.tolist() == [[0, 0], [0.5, 0], [1, 0.25], [1, 1], [0, 0]]


def test_nothing_fills_an_empty_bin() -> None:
    encoding = PiecewiseLinear.learn(np.array([[0.0, 5.0], [1.0, 6.0], [1.0, 7.0]]), bins=2)
    found = encoding.fillings(np.array([[1.0, 7.0], [0.25, 5.5], [9.0, 9.0]]))
    assert found.tolist() == [[1, 0, 1, 1], [0.25, 0, 0.5, 0], [1, 0, 1, 1]]


def test_a_missing_number_has_no_position() -> None:
    encoding = PiecewiseLinear.learn(column(0, 4, NAN), bins=2)
    assert encoding.edges.tolist() == [[0, 4, 4]]
    assert np.isnan(encoding.positions(column(NAN))).all()


def test_each_of_few_values_has_an_edge() -> None:
    encoding = PiecewiseLinear.learn(column(7, 1, 7, 7, 3), bins=4)
    assert encoding.edges.tolist() == [[1, 3, 7, 7, 7]]
    assert encoding.positions(column(1, 2, 3, 5, 7, 8))[:, 0].tolist() == [0, 0.5, 1, 1.5, 2, 4]


def test_a_frequent_value_takes_no_bins_from_the_others() -> None:
    amounts = np.arange(1.0, 101)
    encoding = PiecewiseLinear.learn(column(*[0.0] * 5000, *amounts), bins=10)
    (edges,) = encoding.edges
    assert (edges[0], edges[-1]) == (0, 100)
    assert np.unique(edges).size == 10  # the frequent value fills one bin
    assert np.diff(edges[1:]).max() <= 13


def test_bins_between_equal_quantiles_are_steps() -> None:
    encoding = PiecewiseLinear.learn(column(5, 5, 5), bins=2)
    assert encoding.positions(column(4, 5, 6))[:, 0].tolist() == [0, 0, 2]
    encoding = PiecewiseLinear(edges=np.array([[0.0, 1, 1, 2]]))
    assert encoding.positions(column(0.5, 1, 1.5))[:, 0].tolist() == [0.5, 1, 2.5]


def test_a_column_without_values_has_bins_from_0_to_1() -> None:
    assert PiecewiseLinear.learn(column(NAN, NAN), bins=4).edges.tolist() == [
        [0, 0.25, 0.5, 0.75, 1]
    ]


@pytest.mark.filterwarnings("error")
@given(tables=_TABLES, bins=st.integers(1, 5))
def test_every_position_lies_among_the_bins(tables: tuple[Floats, Floats], bins: int) -> None:
    learned, met = tables
    encoding = PiecewiseLinear.learn(learned, bins=bins)
    found = encoding.positions(met)
    assert encoding.bins == bins
    assert (np.isnan(found) == np.isnan(met)).all()
    assert ((found >= 0) & (found <= bins) | np.isnan(found)).all()


@given(tables=_TABLES)
def test_larger_numbers_stand_no_lower(tables: tuple[Floats, Floats]) -> None:
    learned, met = tables
    encoding = PiecewiseLinear.learn(learned, bins=3)
    ordered = np.sort(np.nan_to_num(met), axis=0)
    assert (np.diff(encoding.positions(ordered), axis=0) >= 0).all()


@given(tables=_TABLES)
def test_stored_arrays_hold_everything(tables: tuple[Floats, Floats]) -> None:
    learned, met = tables
    encoding = PiecewiseLinear.learn(learned, bins=3)
    again = PiecewiseLinear.of(encoding.arrays())
    assert again.positions(met).tobytes() == encoding.positions(met).tobytes()
