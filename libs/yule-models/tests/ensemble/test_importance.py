import pytest
from yule_models.ensemble.importance import blend_importances, mean_importances


def test_shares_count_by_the_weights_of_their_models() -> None:
    parts = [(3.0, {"a": 0.8, "b": 0.2}), (1.0, {"b": 1.0}), (9.0, {})]
    found = blend_importances(parts)
    assert list(found.items()) == [("a", pytest.approx(0.6)), ("b", pytest.approx(0.4))]


def test_each_fold_that_knows_counts_alike_whatever_its_scale() -> None:
    assert mean_importances([{"a": 30, "b": 10}, {"a": 0, "b": 0}, {"b": 0.5, "a": 0.5}]) == {
        "a": pytest.approx(0.625),
        "b": pytest.approx(0.375),
    }
    assert mean_importances([]) == {}
