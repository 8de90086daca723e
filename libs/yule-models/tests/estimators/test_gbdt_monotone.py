"""Predictions may only rise, or only fall, with some columns."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from yule_models import Estimator, ModelParameterError, Target, make_estimator

ROWS = 2000
RANDOM = np.random.default_rng(0)
TABLE = pd.DataFrame(
    {
        "age": RANDOM.integers(20, 60, size=ROWS).astype(float),
        "visits": RANDOM.integers(10, size=ROWS).astype(float),
        "plan": RANDOM.choice(["basic", "plus"], ROWS),
    }
)
SPEND = pd.DataFrame({"spend": TABLE["age"] / 10 + RANDOM.normal(size=ROWS) * 3})
BY_AGE = pd.DataFrame({"age": np.arange(20.0, 60), "visits": 3.0, "plan": "basic"})


def fitted(**params: object) -> Estimator:
    target = Target(name="spend", kind="regression")
    model = make_estimator(
        "gbdt",
        targets=[target],
        seed=0,
        threads=1,
        params={"rounds": 60, "learning_rate": 0.1, **params},
    )
    return model.fit(TABLE, SPEND)


def steps(model: Estimator) -> np.ndarray:
    return np.diff(model.predict(BY_AGE)[:, 0])


@pytest.mark.parametrize("params", [{}, {"num_leaves": 8}])
def test_predictions_rise_with_the_column(params: dict[str, int]) -> None:
    assert (steps(fitted(**params)) < 0).any()
    rising = fitted(monotone={"age": 1}, **params)
    assert (steps(rising) >= 0).all()
    assert np.ptp(rising.predict(BY_AGE)) > 1


def test_predictions_fall_with_the_column() -> None:
    assert (steps(fitted(monotone={"age": -1})) <= 0).all()


def test_a_monotone_column_is_not_crossed(tmp_path: Path) -> None:
    cells = RANDOM.normal(size=(40, 10)) * 9
    spend = pd.DataFrame(
        {"spend": cells[TABLE["age"].astype(int) - 20, TABLE["visits"].astype(int)]}
    )
    target = Target(name="spend", kind="regression")
    found = []
    for number, signs in enumerate(({}, {"age": 1})):
        params = {"rounds": 20, "monotone": signs}
        model = make_estimator("gbdt", targets=[target], seed=0, threads=1, params=params)
        folder = tmp_path / str(number)
        folder.mkdir()
        model.fit(TABLE, spend).save(folder)
        (stored,) = json.loads((folder / "enrichments.json").read_text())
        found.append([[key["name"] for key in means["key"]] for means in stored["means"]])
    assert found[0][0] == ["age", "visits"]
    assert found[1] == []


def test_other_names_are_refused() -> None:
    with pytest.raises(ModelParameterError, match=r"names 'aeg', .* did you mean 'age'"):
        fitted(monotone={"aeg": 1})
    with pytest.raises(ModelParameterError, match="'plan', which is no numeric feature"):
        fitted(monotone={"plan": 1})


def test_leaves_with_linear_models_cannot_be_monotone() -> None:
    with pytest.raises(ModelParameterError, match="'monotone' and 'linear_tree' exclude each"):
        fitted(monotone={"age": 1}, linear_tree=True)
