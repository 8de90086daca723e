"""A model for scikit-learn's pipelines, searches and cross-validation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from yule_models.estimators import Estimator
from yule_models.registry import make_estimator
from yule_models.targets import Target

if TYPE_CHECKING:
    from sklearn.utils import Tags

__all__ = ["YuleClassifier", "YuleRegressor"]

_LABEL = "label"
_CHECKS: dict[str, Any] = {"dtype": None, "ensure_all_finite": "allow-nan"}


class _YuleEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What both have in common: a kind of model behind scikit-learn's own conventions.

    Args:
        kind: Kind of model (see `yule_models.model_kinds`).
        params: Parameters of the kind that differ from their defaults.
        random_state: Seed of its private random generators; an integer.
        threads: Threads of the fit and of predictions.

    Attributes:
        estimator_: The fitted estimator.
    """

    def __init__(
        self,
        *,
        kind: str = "gbdt",
        params: Mapping[str, Any] | None = None,
        random_state: int = 0,
        threads: int = 1,
    ) -> None:
        self.kind = kind
        self.params = params
        self.random_state = random_state
        self.threads = threads

    def __sklearn_tags__(self) -> Tags:
        """Say that missing values, categories and texts are taken."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags

    def _fit_target(
        self, features: pd.DataFrame, labels: npt.NDArray[Any], target: Target, weights: Any
    ) -> Estimator:
        estimator = make_estimator(
            self.kind,
            targets=[target],
            seed=self.random_state,
            threads=self.threads,
            params=self.params,
        )
        if weights is not None:
            weights = _check_sample_weight(weights, features)
        return estimator.fit(features, pd.DataFrame({_LABEL: labels}), sample_weight=weights)

    def _checked(self, features: Any, labels: Any) -> tuple[pd.DataFrame, Any]:
        """Check rows and labels as scikit-learn does."""
        arrays, labels = validate_data(self, features, labels, **_CHECKS)
        return _frame(features, arrays), labels

    def _predicted(self, features: Any) -> npt.NDArray[np.float64]:
        check_is_fitted(self, "estimator_")
        arrays = validate_data(self, features, reset=False, **_CHECKS)
        found: npt.NDArray[np.float64] = self.estimator_.predict(_frame(features, arrays))
        return found


class YuleClassifier(ClassifierMixin, _YuleEstimator):  # type: ignore[misc]  # likewise
    """A classifier of two or more classes; numbers, booleans, texts and missing values are taken.

    Attributes:
        classes_: The classes, sorted.

    Example:
        >>> from sklearn.datasets import load_iris
        >>> features, labels = load_iris(return_X_y=True, as_frame=True)
        >>> model = YuleClassifier(kind="linear").fit(features, labels)
        >>> model.predict_proba(features).shape
        (150, 3)
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit to rows `X` of shape (n, features) with classes `y` of shape (n,).

        Raises:
            ValueError: If rows or classes are not as scikit-learn demands.
        """
        rows, labels = self._checked(X, y)
        check_classification_targets(labels)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                f"A classifier needs two classes, got one class only: {self.classes_[0]!r}."
            )
        count = len(self.classes_)
        target = Target(name=_LABEL)
        if count > 2:
            target = Target(name=_LABEL, kind="multiclass", classes=tuple(range(count)))
        self.estimator_ = self._fit_target(rows, codes, target, sample_weight)
        return self

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:
        """Return probabilities of shape (n, classes), in the order of `classes_`."""
        found = self._predicted(X)
        return found if len(self.classes_) > 2 else np.hstack([1 - found, found])

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """Return the most probable class of each row."""
        chosen: npt.NDArray[Any] = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[chosen])


class YuleRegressor(RegressorMixin, _YuleEstimator):  # type: ignore[misc]  # likewise
    """A regression; numbers, booleans, texts and missing values are taken.

    Example:
        >>> from sklearn.datasets import load_diabetes
        >>> features, labels = load_diabetes(return_X_y=True, as_frame=True)
        >>> YuleRegressor(kind="linear").fit(features, labels).predict(features).shape
        (442,)
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit to rows `X` of shape (n, features) with numbers `y` of shape (n,).

        Raises:
            ValueError: If rows or numbers are not as scikit-learn demands.
        """
        rows, labels = self._checked(X, y)
        target = Target(name=_LABEL, kind="regression")
        self.estimator_ = self._fit_target(rows, labels.astype(np.float64), target, sample_weight)
        return self

    def predict(self, X: Any) -> npt.NDArray[np.float64]:
        """Return the predicted numbers, of shape (n,)."""
        return self._predicted(X)[:, 0]


def _frame(given: Any, arrays: Any) -> pd.DataFrame:
    """Return a table with its columns' own types, and arrays under the names x0, x1, ... ."""
    if isinstance(given, pd.DataFrame):
        frame = given.reset_index(drop=True)
    else:
        frame = pd.DataFrame(arrays).infer_objects()
    if not all(isinstance(name, str) for name in frame.columns):
        frame.columns = pd.Index([f"x{place}" for place in range(frame.shape[1])])
    return frame
