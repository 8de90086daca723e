import numpy as np
import pandas as pd
import pytest
from yule_models.encoding import FeatureColumns
from yule_models.encoding.levels import Levels

TABLE = pd.DataFrame({"day": [3.0, 1, np.nan, 3], "shop": ["b", "a", None, "b"]})
COLUMNS = FeatureColumns.learn(TABLE)


def test_numbers_are_coded_in_ascending_order() -> None:
    levels = Levels.of_numbers("day", TABLE["day"].to_numpy(), most=5)
    assert levels is not None
    assert (levels.values, levels.size) == ((1.0, 3.0), 4)
    met = TABLE.assign(day=[3.0, np.nan, 2, 99])
    assert levels.encode(COLUMNS, met).tolist() == [3, 0, 1, 1]


@pytest.mark.parametrize("values", [[1.0, 2, 3], [7.0, 7], [np.nan, np.nan]])
def test_columns_of_too_many_values_or_one_have_no_levels(values: list[float]) -> None:
    assert Levels.of_numbers("day", np.array(values), most=2) is None


def test_a_category_needs_ten_groups() -> None:
    many = pd.Series(["b"] * 10 + ["a"] * 30 + [None] * 5)
    customers = np.array([*range(10), *range(9), *[8] * 21, *range(5)])
    levels = Levels.of_categories("shop", many, customers)
    assert levels.values == ("b",)
    assert levels.encode(COLUMNS, TABLE).tolist() == [2, 1, 0, 2]


def test_levels_survive_json() -> None:
    for levels in (
        Levels(name="day", values=(0.1, 3.0)),
        Levels(name="shop", values=("b", "ü")),
    ):
        assert Levels.of(levels.to_json()) == levels
