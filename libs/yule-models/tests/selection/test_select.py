"""Each step of a selection on columns whose fate is plain."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from yule_models.selection import SelectionError, SelectionOptions, select_features
from yule_models.targets import Target, TargetKind

ROWS = 600
RANDOM = np.random.default_rng(2)
STRONG = RANDOM.normal(size=ROWS)
FEATURES = pd.DataFrame(
    {
        "buys.30d.count": STRONG,
        "buys.90d.count": np.exp(STRONG),  # the same ranks
        "noise.a": RANDOM.normal(size=ROWS),
        "noise.b": RANDOM.normal(size=ROWS),
        "plan": np.where(RANDOM.random(ROWS) < 0.5, "pro", "free"),
        "rare": np.where(np.arange(ROWS) % 10 == 0, 1.0, np.nan),
        "constant": 1.0,
        "constant text": ["x"] * ROWS,
        "empty": pd.Series([None] * ROWS, dtype=object),
        "mostly zero": (np.arange(ROWS) % 100 == 0).astype(float),
        "infinite": np.inf,
    }
)
LABELS = pd.DataFrame(
    {
        "y": (STRONG + (FEATURES["plan"] == "pro") + 0.3 * RANDOM.normal(size=ROWS) > 0.5) * 1.0,
        "z": 3 * STRONG,
    }
)
TARGETS = [Target(name="y"), Target(name="z", kind="regression")]
NONE = SelectionOptions()


def selected(features: pd.DataFrame = FEATURES, **options: Any):  # type: ignore[no-untyped-def]
    return select_features(
        features,
        LABELS,
        TARGETS,
        replace(NONE, **options),
        groups=np.arange(ROWS).astype(object) // 2,
        seed=4,
    )


def test_nothing_is_asked_and_nothing_removed() -> None:
    found = selected()
    assert found.kept == tuple(FEATURES.columns)
    assert found.removed == {}


def test_features_are_chosen_by_name_group_and_pattern() -> None:
    found = selected(include=("buys", "plan", "noise.?"), exclude=("*.90d.*",))
    assert found.kept == ("buys.30d.count", "noise.a", "noise.b", "plan")
    assert set(found.removed["exclude"]) == {"buys.90d.count"}
    assert found.removed["include"]["rare"] == "not included"


def test_a_name_that_is_none_is_refused_with_the_nearest() -> None:
    message = r"`select.exclude` names 'buy', .*did you mean 'buys'"
    with pytest.raises(SelectionError, match=message):
        selected(exclude=("buy",))
    with pytest.raises(SelectionError, match="leaves no feature of 11; loosen it"):
        selected(exclude=("*",))


def test_missing_values_and_variance() -> None:
    found = selected(missing_above=0.8, same_above=0.98)
    assert set(found.removed["missing"]) == {"rare", "empty", "infinite"}
    assert found.removed["missing"]["rare"] == "missing in 90.0% of the training rows"
    assert set(found.removed["same"]) == {"constant", "constant text", "mostly zero"}
    assert "99.0%" in found.removed["same"]["mostly zero"]
    assert set(selected(same_above=1.0).removed["same"]) == {
        "constant",
        "constant text",
        "empty",
        "infinite",
        "rare",
    }


def test_of_two_that_tell_the_same_the_first_stays() -> None:
    found = selected(FEATURES.assign(contrary=-STRONG), correlated_above=0.99)
    assert set(found.removed["correlated"]) == {"buys.90d.count", "contrary"}
    why = found.removed["correlated"]["buys.90d.count"]
    assert why == "its ranks correlate by 1.000 with those of buys.30d.count"


def test_the_most_important_stay() -> None:
    found = selected(correlated_above=0.99, importance_top=2)
    assert found.kept == ("buys.30d.count", "plan")
    why = found.removed["importance"]["noise.a"]
    assert re.fullmatch(r"number \d+ by gain, with a share of \d+\.\d\d%", why)


def test_null_importance_removes_what_shuffled_labels_like_as_much() -> None:
    found = selected(correlated_above=0.99, null_importance_above=0.95, null_rounds=10)
    assert {"buys.30d.count", "plan"} <= set(found.kept)
    assert {"noise.a", "noise.b", "constant"} <= set(found.removed["null_importance"])
    assert "of 10 fits" in found.removed["null_importance"]["noise.a"]


@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_null_importance_keeps_what_is_weak_beside_what_is_strong(kind: TargetKind) -> None:
    random = np.random.default_rng(0)
    strong, weak, *noise = random.normal(size=(4, 2_000))
    features = pd.DataFrame({"strong": strong, "weak": weak, "a": noise[0], "b": noise[1]})
    values = 3 * strong + 0.8 * weak + random.logistic(size=2_000)
    found = select_features(
        features,
        pd.DataFrame({"y": (values > 0) * 1.0 if kind == "binary" else values}),
        [Target(name="y", kind=kind)],
        replace(NONE, null_importance_above=0.95, null_rounds=10),
        groups=np.arange(2_000).astype(object),
    )
    assert found.kept == ("strong", "weak")


def test_auxiliary_targets_select_nothing() -> None:
    options = replace(NONE, null_importance_above=0.95, null_rounds=5, importance_top=3)
    helped, alone = (
        select_features(FEATURES, LABELS, targets, options, groups=np.arange(ROWS).astype(object))
        for targets in ([TARGETS[0], replace(TARGETS[1], is_auxiliary=True)], [TARGETS[0]])
    )
    assert helped.to_json() == alone.to_json()


def test_null_importance_removes_what_only_tells_entities_apart() -> None:
    random = np.random.default_rng(1)
    entities = np.repeat(np.arange(200), 10)
    habit = random.normal(size=200)[entities]
    features = pd.DataFrame(
        {"number": random.normal(size=200)[entities], "signal": habit + random.normal(size=2_000)}
    )
    found = select_features(
        features,
        pd.DataFrame({"y": (1.5 * habit + 0.5 * random.logistic(size=2_000) > 0) * 1.0}),
        [Target(name="y")],
        replace(NONE, null_importance_above=0.95, null_rounds=10),
        groups=entities.astype(object),
    )
    assert found.kept == ("signal",)


def test_the_same_seed_selects_the_same_whatever_is_in_other_rows() -> None:
    options = {"importance_top": 3, "null_importance_above": 0.5, "null_rounds": 3}
    assert selected(**options).to_json() == selected(**options).to_json()


def test_options_survive_json() -> None:
    options = replace(NONE, include=("a",), missing_above=0.5, importance_top=3)
    assert SelectionOptions.of(options.to_json()) == options
    assert SelectionOptions.of({}) == NONE


def test_thousands_of_columns_are_filtered() -> None:
    wide = pd.DataFrame(
        RANDOM.normal(size=(60, 2_000)), columns=[f"x.{n}" for n in range(2_000)]
    ).assign(copy=lambda rows: rows["x.7"])
    found = select_features(
        wide,
        LABELS.iloc[:60],
        TARGETS,
        replace(NONE, missing_above=0.5, same_above=0.9, correlated_above=0.99),
        groups=np.arange(60).astype(object),
    )
    assert list(found.removed["correlated"]) == ["copy"]
