"""scikit-learn's own checks of estimators, and what they do not try."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import parametrize_with_checks
from yule_models.sklearn import YuleClassifier, YuleRegressor

KINDS: dict[str, dict[str, Any]] = {
    "gbdt": {"rounds": 40, "learning_rate": 0.2, "min_data_in_leaf": 2},
    "linear": {"regularisation": 1.0},
    "neural": {
        "epochs": 40,
        "patience": 40,
        "learning_rate": 0.05,
        "batch_rows": 64,
        "width": 16,
        "depth": 1,
        "embedding": 4,
        "bins": 8,
        "dropout": 0.0,
    },
}
WEIGHTS = {
    "check_sample_weight_equivalence_on_dense_data": "bins, leaves, vocabularies and scales are "
    "learned from rows: a weight of 2 is not a row twice",
}
ROUNDING = {
    "check_methods_subset_invariance": "float32: products of matrices of another number of rows "
    "are added up in another order, and agree to 1e-5 only",
}


CHECKS = parametrize_with_checks(
    [
        make(kind=kind, params=params)
        for make in (YuleClassifier, YuleRegressor)
        for kind, params in KINDS.items()
    ],
    expected_failed_checks=lambda each: WEIGHTS | (ROUNDING if each.kind == "neural" else {}),
)


# Older versions of scikit-learn give an iterator, which pytest no longer takes.
@pytest.mark.parametrize(("estimator", "check"), [*CHECKS.args[1]], ids=CHECKS.kwargs["ids"])
def test_scikit_learn_finds_no_fault(estimator: Any, check: Any) -> None:
    check(estimator)


def test_tables_of_mixed_columns_are_cross_validated() -> None:
    random = np.random.default_rng(0)
    rows = pd.DataFrame({"x": random.normal(size=300), "plan": random.choice(["a", None], 300)})
    labels = np.where(rows["x"] + rows["plan"].isna() > 0.5, "yes", "no")
    scores = cross_val_score(YuleClassifier(params={"rounds": 60}), rows, labels, cv=3)
    assert scores.mean() > 0.85
    model = clone(YuleClassifier(kind="linear")).fit(rows, labels)
    assert list(model.classes_) == ["no", "yes"]
    with pytest.raises(ValueError, match="plan"):
        model.predict(rows[["x"]])
