"""What a network knows after it has adopted a trunk."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from yule_models import Target, make_estimator
from yule_models.estimators.neural import NeuralEstimator, TabmEstimator
from yule_models.estimators.neural.transfer import adopt, match_columns
from yule_models.testing import described_rows

NetworkEstimator = NeuralEstimator | TabmEstimator
ROWS = described_rows(200, seed=1)
FEATURES = ROWS.features[["amount", "plan", "visits", "device"]]
QUICK = {"epochs": 2, "width": 8, "embedding": 3, "bins": 4, "batch_rows": 64, "dropout": 0.0}
KINDS = [("neural", {}), ("tabm", {"members": 3})]


def fitted(kind: str, params: dict[str, int], features: pd.DataFrame) -> NetworkEstimator:
    model = make_estimator(
        kind, targets=[Target(name="bought")], seed=0, threads=1, params={**QUICK, **params}
    )
    model.fit(features, ROWS.labels)
    assert isinstance(model, NeuralEstimator | TabmEstimator)
    return model


def units(model: NetworkEstimator, features: pd.DataFrame) -> torch.Tensor:
    with torch.no_grad():
        return model.network_.units(*model._tensors(features).values())


def adopting(
    trunk_of: NetworkEstimator, columns: Sequence[str], extra: bool = False
) -> tuple[NetworkEstimator, pd.DataFrame]:
    """Make a network over some columns, in another order, that adopts the trunk."""
    features = ROWS.features[[*columns]]
    if extra:
        features = features.assign(age=ROWS.features["age"])
    own = fitted(trunk_of.KIND, dict(trunk_of.params) | {"epochs": 1}, features)
    trunk = trunk_of.trunk({})
    matching = match_columns(own.columns_, trunk.columns)
    own.columns_ = matching.columns
    own.encoding_ = matching.encoding(own.encoding_, trunk.encoding, trunk.columns)
    own.standardiser_ = matching.standardiser(own.standardiser_, trunk.standardiser, trunk.columns)
    own.network_ = own._new_network()
    adopt(own.network_, trunk, matching)
    own.network_.eval()
    return own, features


@pytest.mark.parametrize(("kind", "params"), KINDS)
def test_the_same_features_mean_the_same_in_any_order(kind: str, params: dict[str, int]) -> None:
    model = fitted(kind, params, FEATURES)
    own, features = adopting(model, ["device", "visits", "plan", "amount"])
    torch.testing.assert_close(units(own, features), units(model, FEATURES))


@pytest.mark.parametrize(("kind", "params"), KINDS)
def test_a_new_feature_counts_nothing_yet(kind: str, params: dict[str, int]) -> None:
    model = fitted(kind, params, FEATURES)
    own, features = adopting(model, ["amount", "plan", "visits", "device"], extra=True)
    torch.testing.assert_close(units(own, features), units(model, FEATURES))


@pytest.mark.parametrize(("kind", "params"), KINDS)
def test_a_lacking_feature_counts_as_somebody_usual(kind: str, params: dict[str, int]) -> None:
    model = fitted(kind, params, FEATURES)
    own, features = adopting(model, ["plan", "amount"])
    position = model.columns_.numeric.index("visits")
    mean = np.expm1(model.standardiser_.means[position])
    device = model.columns_.vocabularies["device"].values[0]
    usual = FEATURES.assign(
        visits=mean, device=pd.Series([device] * len(FEATURES), dtype="category")
    )
    torch.testing.assert_close(units(own, features), units(model, usual), rtol=1e-4, atol=1e-5)


def test_new_categories_begin_as_those_that_were_not_told_apart() -> None:
    model = fitted("neural", {}, FEATURES)
    vocabularies = dict(model.columns_.vocabularies)
    plans = vocabularies["plan"]
    found = match_columns(
        replace(
            model.columns_,
            vocabularies=vocabularies | {"plan": replace(plans, values=("gold", *plans.values))},
        ),
        model.columns_,
    )
    assert found.columns.vocabularies["plan"].values == (*plans.values, "gold")
    own = fitted("neural", {}, FEATURES)
    own.columns_ = found.columns
    own.network_ = own._new_network()
    adopt(own.network_, model.trunk({}), found)
    own.network_.eval()
    gold, unknown = (FEATURES.head(3).assign(plan=plan) for plan in ("gold", "never seen"))
    torch.testing.assert_close(units(own, gold), units(model, unknown))


def test_a_feature_of_another_kind_is_another_feature() -> None:
    model = fitted("neural", {}, FEATURES)
    texts = FEATURES.assign(visits=["many", "few"] * 100)
    own = fitted("neural", {}, texts[["visits", "plan", "amount"]])
    found = match_columns(own.columns_, model.columns_)
    assert found.known == ("plan", "amount")
    assert found.new == ("visits",)
    assert found.lacking == ("visits", "device")
