"""Regularised linear models: the baseline that features should beat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import ClassVar, cast

import numpy as np
import pandas as pd

from yule_models.encoding.design import design_matrix, sums_by_feature
from yule_models.encoding.piecewise import PiecewiseLinear
from yule_models.encoding.standard import Standardiser
from yule_models.estimators.base import Estimator
from yule_models.estimators.fold_data import Floats
from yule_models.estimators.inputs import FitInputs
from yule_models.estimators.outputs import activated
from yule_models.estimators.regression import Regression, RegressionRows
from yule_models.estimators.stored import check_shape, reading
from yule_models.kinds import KINDS
from yule_models.parameters import AUTO, BySize, Tried
from yule_models.targets import Target

__all__ = ["LinearEstimator"]

_PARAMETERS = KINDS["linear"].parameters
_BINS = cast("BySize", _PARAMETERS["bins"])
_STRENGTH = cast("Tried", _PARAMETERS["regularisation"])
_MOST_VALUES = 2**26
"""Of a design matrix with bins: half a GiB."""
_ROWS_AT_A_TIME = 1024


class LinearEstimator(Estimator):
    """Logistic regression, or ridge regression for numbers, on a standardised design matrix.

    Numeric features are standardised with the mean in place of missing values, beside an indicator
    of what was missing, and how far each of their bins is filled, so that what is learned of a
    number is a line that turns at the bins' edges; categories are one-hot. Targets are fitted one
    by one. Where there are validation rows, they choose the strength of the penalty, and are
    learned from in the end.

    Attributes:
        standardiser_: What standardises numbers for the design matrix.
        piecewise_: The bins of numbers; None: there are none.
        coefficients_: Of shape (outputs, columns of the design matrix).
        intercepts_: Of shape (outputs,).
    """

    KIND: ClassVar[str] = "linear"

    def _fit(self, inputs: FitInputs) -> None:
        # Before the limit, which holds for the libraries loaded by then: its BLAS is its own.
        import sklearn.linear_model  # noqa: F401
        from threadpoolctl import threadpool_limits

        numbers = self._fitted_columns().numbers(inputs.training.features)
        self.standardiser_ = Standardiser.learn(numbers)
        bins = self._bins(*numbers.shape)
        self.piecewise_ = PiecewiseLinear.learn(numbers, bins=bins) if bins else None
        parts = [inputs.training] if inputs.inner is None else [inputs.training, inputs.inner]
        matrix = self._design([part.features for part in parts])
        coefficients, intercepts = [], []
        with threadpool_limits(limits=self.threads):
            for position, target in enumerate(self.targets):
                rows = RegressionRows.of(parts, position, matrix)
                of_training = np.count_nonzero(~np.isnan(inputs.training.labels[:, position]))
                weight, bias = self._fit_target(target, rows, int(of_training))
                coefficients.append(weight)
                intercepts.append(bias)
        self.coefficients_ = np.vstack(coefficients)
        self.intercepts_ = np.concatenate(intercepts)

    def _bins(self, rows: int, numbers: int) -> int:
        """Return how many bins numbers have: so many that the matrix does not grow too large."""
        wanted = _BINS.choose(self.params["bins"], rows)
        return int(min(wanted, _MOST_VALUES // (rows * numbers))) if numbers else 0

    def _designs(self, features: pd.DataFrame) -> Iterator[Floats]:
        """The design matrix, some rows at a time."""
        for start in range(0, len(features), _ROWS_AT_A_TIME):
            some = features.iloc[start : start + _ROWS_AT_A_TIME]
            yield design_matrix(self._fitted_columns(), self.standardiser_, some, self.piecewise_)

    def _design(self, tables: Sequence[pd.DataFrame]) -> Floats:
        """The design matrix of several tables, one below another, in the memory of one."""
        found, end = np.empty((0, 0)), 0
        for part in chain.from_iterable(map(self._designs, tables)):
            if not end:
                found = np.empty((sum(map(len, tables)), part.shape[1]))
            found[end : end + len(part)] = part
            end += len(part)
        return found

    def _predict(self, features: pd.DataFrame) -> Floats:
        return np.vstack([self._activated(matrix) for matrix in self._designs(features)])

    def _activated(self, matrix: Floats) -> Floats:
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
        rows, typical = (self._design([table]) for table in (features, baseline))
        parts = (rows - typical)[:, :, None] * self.coefficients_.T
        sums = self._sums(np.moveaxis(parts, 1, 0))
        return np.stack([sums[name] for name in columns.names], axis=1)

    def _sums(self, values: Floats) -> dict[str, Floats]:
        bins = 0 if self.piecewise_ is None else self.piecewise_.bins
        return sums_by_feature(self._fitted_columns(), values, bins=bins)

    def importances(self) -> dict[str, float]:
        """Return the sum of absolute coefficients of each feature's columns."""
        columns = self._fitted_columns()
        sums = self._sums(np.abs(self.coefficients_).sum(axis=0))
        return {name: float(sums[name]) for name in columns.names}

    def target_importances(self) -> dict[str, dict[str, float]]:
        """Return the same by target, of its own coefficients."""
        columns, found, start = self._fitted_columns(), {}, 0
        for target in self.targets:
            own = np.abs(self.coefficients_[start : start + target.outputs]).sum(axis=0)
            sums = self._sums(own)
            found[target.name] = {name: float(sums[name]) for name in columns.names}
            start += target.outputs
        return found

    def _fit_target(
        self, target: Target, rows: RegressionRows, of_training: int
    ) -> tuple[Floats, Floats]:
        """Return coefficients and intercepts of a target; its training rows come first."""
        training, inner = rows.cut(of_training)
        regression, learned = Regression(target), training
        strength = self.params["regularisation"]
        if len(inner.labels):
            if strength == AUTO:
                strength = regression.best_strength(training, inner, tried=_STRENGTH.values)
            if self.params["refit"]:
                learned = rows
        return regression.fit(learned, _STRENGTH.choose(strength, len(learned.labels)))

    def _save(self, folder: Path) -> None:
        from safetensors.numpy import save_file

        arrays = {"coefficients": self.coefficients_, "intercepts": self.intercepts_}
        bins = {} if self.piecewise_ is None else self.piecewise_.arrays()
        save_file(arrays | bins | self.standardiser_.arrays(), folder / "linear.safetensors")

    def _load(self, folder: Path) -> None:
        from safetensors.numpy import load_file

        numeric, outputs = len(self.columns_.numeric), sum(t.outputs for t in self.targets)
        with reading(folder / "linear.safetensors") as path:
            arrays = load_file(path)
            self.coefficients_, self.intercepts_ = arrays["coefficients"], arrays["intercepts"]
            self.standardiser_ = Standardiser.of(arrays)
            self.piecewise_ = PiecewiseLinear.of(arrays) if "edges" in arrays else None
            check_shape("coefficients", self.coefficients_.shape[:1], (outputs,))
            check_shape("intercepts", self.intercepts_.shape, (outputs,))
            check_shape("means", self.standardiser_.means.shape, (numeric,))
            if self.piecewise_ is not None:
                check_shape("edges", self.piecewise_.edges.shape[:1], (numeric,))
