import numpy as np
import pandas as pd
from yule_models.encoding import FeatureColumns
from yule_models.encoding.design import design_matrix, sums_by_feature
from yule_models.encoding.piecewise import PiecewiseLinear
from yule_models.encoding.standard import Standardiser

FEATURES = pd.DataFrame(
    {"plan": ["a", "b", None], "visits": [0.0, np.nan, 0.0], "device": ["x", "x", "x"]}
)
COLUMNS = FeatureColumns.learn(FEATURES, at_least=1)


def test_numbers_then_what_is_missing_then_categories() -> None:
    standardiser = Standardiser.learn(COLUMNS.numbers(FEATURES))
    met = FEATURES.assign(plan=["b", None, "new"])
    # visits | visits is missing | plan: missing, other, a, b | device: missing, other, x
    assert design_matrix(COLUMNS, standardiser, met).tolist() == [
        [0, 0, 0, 0, 0, 1, 0, 0, 1],
        [0, 1, 1, 0, 0, 0, 0, 0, 1],
        [0, 0, 0, 1, 0, 0, 0, 0, 1],
    ]


def test_values_are_added_up_by_feature() -> None:
    values = np.array([1, 10, 100, 100, 100, 100, 1000, 1000, 1000], dtype=np.float64)
    assert sums_by_feature(COLUMNS, values) == {"plan": 400, "visits": 11, "device": 3000}
    assert list(sums_by_feature(COLUMNS, values)) == ["plan", "visits", "device"]


def test_bins_stand_between_numbers_and_categories() -> None:
    features = pd.DataFrame({"visits": [0.0, 2.0, np.nan], "age": [1.0, 5.0, 3.0], "plan": "a"})
    columns = FeatureColumns.learn(features, at_least=1)
    numbers = columns.numbers(features)
    bins = PiecewiseLinear.learn(numbers, bins=2)
    matrix = design_matrix(columns, Standardiser.learn(numbers), features, bins)
    # visits and age | missing | bins of visits | bins of age | plan: missing, other, a
    assert matrix[:, 2:].tolist() == [
        [0, 0, 0, 0, 0, 0, 0, 0, 1],
        [0, 0, 1, 0, 1, 1, 0, 0, 1],
        [1, 0, 0, 0, 1, 0, 0, 0, 1],
    ]
    values = np.array([1, 2, 10, 20, 100, 300, 1000, 5000, 7, 7, 7], dtype=np.float64)
    assert sums_by_feature(columns, values, bins=2) == {"visits": 411, "age": 6022, "plan": 21}
