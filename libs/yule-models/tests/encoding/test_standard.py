import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from yule_models.encoding.standard import Floats, Standardiser

_NUMBERS = st.floats(allow_infinity=False, allow_nan=True)
_TABLES = arrays.arrays(np.float64, st.tuples(st.integers(1, 8), st.just(2)), elements=_NUMBERS)


def test_signed_logarithms_get_mean_0_and_deviation_1() -> None:
    e = np.e - 1  # log1p of this is 1
    standardiser = Standardiser.learn(np.array([[e], [-e], [e], [-e]]))
    assert standardiser.means.tolist() == [0]
    assert standardiser.scales.tolist() == pytest.approx([1])
    found = standardiser.transform(np.array([[e], [-e], [0.0], [np.expm1(3)]]))
    np.testing.assert_allclose(found[:, 0], [1, -1, 0, 3])


def test_missing_values_count_for_nothing_and_become_the_mean() -> None:
    standardiser = Standardiser.learn(np.array([[np.expm1(1)], [np.nan], [np.expm1(3)]]))
    np.testing.assert_allclose(standardiser.means, [2])
    assert standardiser.transform(np.array([[np.nan]])).tolist() == [[0]]


def test_outliers_count_as_8_deviations() -> None:
    standardiser = Standardiser.learn(np.array([[0.0], [1.0]]))
    assert standardiser.transform(np.array([[1e300], [-1e300]])).tolist() == [[8], [-8]]


def test_a_constant_column_is_0_although_its_mean_is_rounded() -> None:
    standardiser = Standardiser.learn(np.full((7, 1), 0.1))
    assert standardiser.scales.tolist() == [1]
    np.testing.assert_allclose(standardiser.transform(np.array([[0.1]])), 0, atol=1e-12)


def test_a_column_without_values_is_0() -> None:
    standardiser = Standardiser.learn(np.full((3, 1), np.nan))
    assert standardiser.transform(np.full((2, 1), np.nan)).tolist() == [[0], [0]]


@given(learned=_TABLES, met=_TABLES)
def test_every_number_is_finite(learned: Floats, met: Floats) -> None:
    found = Standardiser.learn(learned).transform(met)
    assert found.shape == met.shape
    assert (np.abs(found) <= 8).all()


@given(learned=_TABLES, met=_TABLES)
def test_stored_arrays_hold_everything(learned: Floats, met: Floats) -> None:
    standardiser = Standardiser.learn(learned)
    again = Standardiser.of(standardiser.arrays())
    assert again.transform(met).tobytes() == standardiser.transform(met).tobytes()
