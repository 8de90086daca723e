"""Gradient-boosted decision trees: LightGBM.

Ke et al. (2017), "LightGBM: A Highly Efficient Gradient Boosting Decision Tree".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from gokart_store import derive_seed

from yule_models.encoding.vocabulary import MISSING
from yule_models.estimators.base import CurvePoint, Estimator, FitInputs, Floats, FoldData
from yule_models.targets import Target

if TYPE_CHECKING:
    import lightgbm as lgb

__all__ = ["GbdtEstimator"]

_LOSSES = {
    "binary": ("binary", "binary_logloss", "log_loss"),
    "multiclass": ("multiclass", "multi_logloss", "log_loss"),
    "regression": ("regression", "l2", "squared_error"),
}
_OWN = ("rounds", "patience")


class GbdtEstimator(Estimator):
    """One booster for each target, with early stopping where there are validation rows.

    Categories are codes of a stored vocabulary; missing values are LightGBM's own. `deterministic`
    and `force_col_wise` are always set, and the number of threads is fixed.

    Attributes:
        boosters_: The boosters, in the order of the targets.
    """

    KIND: ClassVar[str] = "gbdt"

    def _fit(self, inputs: FitInputs) -> None:
        curve = _Curve(self.targets, inputs.on_step)
        self.boosters_ = []
        for position, target in enumerate(self.targets):
            fitted = self._boost(position, target, inputs, curve)
            # Through the stored form, so that loading gives the same bits.
            self.boosters_.append(_booster(fitted.model_to_string(fitted.best_iteration)))
        curve.close()
        self.best_step_ = max(booster.current_iteration() for booster in self.boosters_)

    def _predict(self, features: pd.DataFrame) -> Floats:
        matrix = self._matrix(features)
        outputs = [
            np.asarray(booster.predict(matrix, num_threads=self.threads)).reshape(len(matrix), -1)
            for booster in self.boosters_
        ]
        return np.hstack(outputs)

    def importances(self) -> dict[str, float]:
        """Return the mean over targets of each feature's share of the gain."""
        shares = np.zeros(len(self._fitted_columns().ordered))
        for booster in self.boosters_:
            gains = booster.feature_importance("gain")
            shares += gains / max(gains.sum(), np.finfo(float).tiny) / len(self.boosters_)
        by_name = dict(zip(self._fitted_columns().ordered, shares.tolist(), strict=True))
        return {name: by_name[name] for name in self._fitted_columns().names}

    def _save(self, folder: Path) -> None:
        for position, booster in enumerate(self.boosters_):
            path = folder / f"booster-{position}.txt"
            path.write_text(booster.model_to_string(), encoding="utf-8")

    def _load(self, folder: Path) -> None:
        self.boosters_ = [
            _booster((folder / f"booster-{position}.txt").read_text(encoding="utf-8"))
            for position in range(len(self.targets))
        ]

    def _boost(
        self, position: int, target: Target, inputs: FitInputs, curve: _Curve
    ) -> lgb.Booster:
        import lightgbm as lgb

        data, inner = inputs.training, inputs.inner

        objective, metric, _ = _LOSSES[target.kind]
        settings = {name: value for name, value in self.params.items() if name not in _OWN}
        settings |= {
            "objective": objective,
            "metric": metric,
            "seed": derive_seed(self.seed, "gbdt", position),
            "num_threads": self.threads,
            "deterministic": True,
            "force_col_wise": True,
            "verbosity": -1,
        }
        if target.kind == "multiclass":
            settings["num_class"] = target.outputs
        training = self._dataset(data, position)
        sets, names = [training], ["train"]
        callbacks: list[Callable[..., Any]] = [curve.callback(target)]
        if inner is not None and not np.isnan(inner.labels[:, position]).all():
            sets.append(self._dataset(inner, position, reference=training))
            names.append("inner")
            callbacks.append(
                lgb.early_stopping(
                    int(self.params["patience"]), first_metric_only=True, verbose=False
                )
            )
        return lgb.train(
            settings,
            training,
            num_boost_round=int(self.params["rounds"]),
            valid_sets=sets,
            valid_names=names,
            callbacks=callbacks,
        )

    def _dataset(
        self, data: FoldData, position: int, reference: lgb.Dataset | None = None
    ) -> lgb.Dataset:
        import lightgbm as lgb

        known = ~np.isnan(data.labels[:, position])
        columns = self._fitted_columns()
        categorical = range(len(columns.numeric), len(columns.names))
        matrix = self._matrix(data.features)
        return lgb.Dataset(
            matrix if known.all() else matrix[known],
            data.labels[known, position],
            weight=data.weights[known],
            reference=reference,
            feature_name=[f"f{i}" for i in range(len(columns.names))],
            categorical_feature=list(categorical),
            params={"verbosity": -1, "num_threads": self.threads},
        )

    def _matrix(self, features: pd.DataFrame) -> Floats:
        """Return numbers, then codes; a missing category is missing to LightGBM too."""
        columns = self._fitted_columns()
        numbers = columns.numbers(features)
        if not columns.vocabularies:
            return numbers
        codes = columns.codes(features).astype(np.float64)
        codes[codes == MISSING] = np.nan
        return np.hstack([numbers, codes])


class _Curve:
    """Collects the losses of all targets' boosters by round."""

    def __init__(self, targets: Sequence[Target], on_step: Callable[[CurvePoint], None]) -> None:
        self._is_single = len(targets) == 1
        self._on_step = on_step
        self._later: dict[int, dict[str, float]] = {}

    def callback(self, target: Target) -> Callable[..., None]:
        """Return a LightGBM callback; with one target each round is told at once."""
        loss = _LOSSES[target.kind][2]

        def tell(environment: Any) -> None:
            prefix = "" if self._is_single else f"{target.name}/"
            values = {
                f"{prefix}{result[0]}/{loss}": float(result[2])
                for result in environment.evaluation_result_list
            }
            step = environment.iteration + 1
            if self._is_single:
                self._on_step(CurvePoint(step=step, values=values))
            else:
                self._later.setdefault(step, {}).update(values)

        return tell

    def close(self) -> None:
        """Tell the rounds of several targets, now that all are known."""
        for step, values in sorted(self._later.items()):
            self._on_step(CurvePoint(step=step, values=values))


def _booster(text: str) -> lgb.Booster:
    import lightgbm as lgb

    return lgb.Booster(model_str=text)
