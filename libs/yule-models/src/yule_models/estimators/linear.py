"""Regularised linear models: the baseline that features should beat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd

from yule_models.encoding.design import design_matrix, sums_by_feature
from yule_models.encoding.standard import Standardiser
from yule_models.estimators.base import Estimator
from yule_models.estimators.fold_data import Floats
from yule_models.estimators.inputs import FitInputs
from yule_models.estimators.outputs import activated
from yule_models.estimators.stored import check_shape, reading
from yule_models.targets import Target

__all__ = ["LinearEstimator"]

_MOST_ITERATIONS = 1000
_TOLERANCE = 1e-4


class LinearEstimator(Estimator):
    """Logistic regression, or ridge regression for numbers, on a standardised design matrix.

    Numeric features are standardised with the mean in place of missing values, beside an indicator
    of what was missing; categories are one-hot. Targets are fitted one by one.

    Attributes:
        standardiser_: What standardises numbers for the design matrix.
        coefficients_: Of shape (outputs, columns of the design matrix).
        intercepts_: Of shape (outputs,).
    """

    KIND: ClassVar[str] = "linear"

    def _fit(self, inputs: FitInputs) -> None:
        # Before the limit, which holds for the libraries loaded by then: its BLAS is its own.
        import sklearn.linear_model  # noqa: F401
        from threadpoolctl import threadpool_limits

        data, columns = inputs.training, self._fitted_columns()
        self.standardiser_ = Standardiser.learn(columns.numbers(data.features))
        matrix = design_matrix(columns, self.standardiser_, data.features)
        coefficients, intercepts = [], []
        with threadpool_limits(limits=self.threads):
            for target, labels in zip(self.targets, data.labels.T, strict=True):
                known = ~np.isnan(labels)
                weight, bias = self._fit_target(
                    target, matrix[known], labels[known], data.weights[known]
                )
                coefficients.append(weight)
                intercepts.append(bias)
        self.coefficients_ = np.vstack(coefficients)
        self.intercepts_ = np.concatenate(intercepts)

    def _predict(self, features: pd.DataFrame) -> Floats:
        matrix = design_matrix(self._fitted_columns(), self.standardiser_, features)
        # einsum sums in one order, whatever the number of rows and of BLAS threads.
        scores = np.einsum("ij,kj->ik", matrix, self.coefficients_) + self.intercepts_
        outputs, start = [], 0
        for target in self.targets:
            columns = scores[:, start : start + target.outputs]
            start += target.outputs
            outputs.append(activated(target, columns))
        return np.hstack(outputs)

    def _contributions(
        self, features: pd.DataFrame, baseline: pd.DataFrame, players: Sequence[str]
    ) -> Floats:
        del players
        columns = self._fitted_columns()
        rows, typical = (
            design_matrix(columns, self.standardiser_, table) for table in (features, baseline)
        )
        parts = (rows - typical)[:, :, None] * self.coefficients_.T
        sums = sums_by_feature(columns, np.moveaxis(parts, 1, 0))
        return np.stack([sums[name] for name in columns.names], axis=1)

    def importances(self) -> dict[str, float]:
        """Return the sum of absolute coefficients of each feature's columns."""
        columns = self._fitted_columns()
        sums = sums_by_feature(columns, np.abs(self.coefficients_).sum(axis=0))
        return {name: float(sums[name]) for name in columns.names}

    def target_importances(self) -> dict[str, dict[str, float]]:
        """Return the same by target, of its own coefficients."""
        columns, found, start = self._fitted_columns(), {}, 0
        for target in self.targets:
            own = np.abs(self.coefficients_[start : start + target.outputs]).sum(axis=0)
            sums = sums_by_feature(columns, own)
            found[target.name] = {name: float(sums[name]) for name in columns.names}
            start += target.outputs
        return found

    def _fit_target(
        self, target: Target, matrix: Floats, labels: Floats, weights: Floats
    ) -> tuple[Floats, Floats]:
        from sklearn.linear_model import LogisticRegression, Ridge

        strength = float(self.params["regularisation"])
        if target.kind == "regression":
            ridge = Ridge(alpha=strength, solver="cholesky").fit(matrix, labels, weights)
            return ridge.coef_.reshape(1, -1), np.atleast_1d(ridge.intercept_)
        model = LogisticRegression(C=1 / strength, max_iter=_MOST_ITERATIONS, tol=_TOLERANCE)
        model.fit(matrix, labels, weights)
        if target.kind == "binary":
            return model.coef_, model.intercept_
        # Classes without a row get the least possible score.
        coefficients = np.zeros((target.outputs, matrix.shape[1]))
        intercepts = np.full(target.outputs, -np.inf)
        rows = model.classes_.astype(np.int64)
        if len(rows) == 2:
            coefficients[rows[1]], intercepts[rows] = model.coef_[0], [0, model.intercept_[0]]
        else:
            coefficients[rows], intercepts[rows] = model.coef_, model.intercept_
        return coefficients, intercepts

    def _save(self, folder: Path) -> None:
        from safetensors.numpy import save_file

        arrays = {"coefficients": self.coefficients_, "intercepts": self.intercepts_}
        save_file(arrays | self.standardiser_.arrays(), folder / "linear.safetensors")

    def _load(self, folder: Path) -> None:
        from safetensors.numpy import load_file

        numeric, outputs = len(self.columns_.numeric), sum(t.outputs for t in self.targets)
        with reading(folder / "linear.safetensors") as path:
            arrays = load_file(path)
            self.coefficients_, self.intercepts_ = arrays["coefficients"], arrays["intercepts"]
            self.standardiser_ = Standardiser.of(arrays)
            check_shape("coefficients", self.coefficients_.shape[:1], (outputs,))
            check_shape("intercepts", self.intercepts_.shape, (outputs,))
            check_shape("means", self.standardiser_.means.shape, (numeric,))
