import re
from typing import Any

import pytest
from yule_models import ModelParameterError, describe_kind, model_kinds, search_space
from yule_models.search import check_range
from yule_models.search.space import number_of


@pytest.mark.parametrize("kind", [kind for kind in model_kinds() if kind != "constant"])
def test_every_kind_says_what_its_search_tries(kind: str) -> None:
    space = search_space(kind)
    assert list(space) == list(describe_kind(kind).search)
    for name, known in space.items():
        number = number_of(kind, name)
        assert known["low"] < known["high"]
        assert type(known["low"]) is type(known["high"]) is type(number.default)
        assert number.problem(known["low"]) is None
        assert number.problem(known["high"]) is None
        assert known["low"] > 0 or not known["log"]
        assert (
            f"Searched from {known['low']:g} to"
            in describe_kind(kind).json_schema()["properties"][name]["description"]
        )


def test_ranges_narrow_and_params_fix() -> None:
    space = search_space("gbdt", ranges={"num_leaves": [4, 16]}, fixed={"learning_rate"})
    assert space["num_leaves"] == {"low": 4, "high": 16, "log": True}
    assert "learning_rate" not in space
    assert space["lambda_l2"] == search_space("gbdt")["lambda_l2"]


@pytest.mark.parametrize(
    ("name", "ends", "message"),
    [
        ("num_leafs", [4, 8], "tries no parameter 'num_leafs'; did you mean 'num_leaves'?"),
        ("zzz", [4, 8], "tries no parameter 'zzz'; it tries learning_rate, num_leaves, "),
        ("rounds", [4, 8], "tries no parameter 'rounds'; it tries learning_rate"),
        ("num_leaves", [8, 4], "must rise, got [8, 4]; to fix the parameter, give it a value in"),
        ("num_leaves", [8, 8], "must rise, got [8, 8]"),
        ("num_leaves", [1, 8], "of the kind 'gbdt' must be at least 2, got 1."),
        ("num_leaves", [2.5, 8], "must be a whole number, got 2.5."),
        ("num_leaves", [4], "must be its least and its largest value, as [4, 128], got [4]."),
        ("lambda_l2", [0, 1], "must be above 0, since it is tried on a logarithmic scale, got 0."),
        ("feature_fraction", [0.5, 2], "must be at most 1, got 2."),
        ("max_bin", [4, 8], "tries no parameter 'max_bin'"),
    ],
)
def test_impossible_ranges_are_refused(name: str, ends: Any, message: str) -> None:
    with pytest.raises(ModelParameterError, match=re.escape(message)) as caught:
        check_range("gbdt", name, ends)
    assert caught.value.path == ("search", "ranges", name)


def test_what_is_fixed_has_no_range() -> None:
    with pytest.raises(
        ModelParameterError, match="'num_leaves' has a value in `params`, which fix"
    ):
        search_space("gbdt", ranges={"num_leaves": [4, 8]}, fixed={"num_leaves"})


def test_something_must_be_left_to_search() -> None:
    with pytest.raises(ModelParameterError, match="kind 'constant' has nothing to search; leave"):
        search_space("constant")
    with pytest.raises(ModelParameterError, match=r"fixes all that .* 'linear' tries \(regularis"):
        search_space("linear", fixed={"regularisation"})
