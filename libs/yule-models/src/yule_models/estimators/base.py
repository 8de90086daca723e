"""What every estimator offers. The base owns checks, saving and loading; a kind owns the rest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from yule_models.encoding import FeatureColumns, sequence_columns
from yule_models.errors import NotFittedError, TransferError
from yule_models.estimators.arguments import WithArguments
from yule_models.estimators.fold_data import Floats
from yule_models.estimators.inputs import CurvePoint, FitInputs
from yule_models.estimators.stored import (
    ESTIMATOR_FILE,
    read_description,
    reading,
    write_description,
)
from yule_models.targets import Target, predicted

__all__ = ["Estimator"]


class Estimator(WithArguments, ABC):
    """A model of one or several targets on a table of features.

    Args:
        targets: What to predict; the outputs stand side by side in this order. Auxiliary ones are
            learned beside the others, by kinds that can, and not predicted.
        seed: Seed of the private random generators; global random state is never touched.
        threads: Threads of the fit and of predictions; part of the outcome.
        params: Parameters of the kind, complete and checked (see `yule_models.check_params`).

    Attributes:
        columns_: The columns it was fitted on, with their vocabularies.
        ignored_: The columns of the training table that the fit was told to ignore.
        best_step_: The step that early stopping chose, or the last; None where there are no steps.
        start_: What became of the trunk that the fit started from; JSON, None where there is none.
    """

    ARGUMENTS = ("targets", "seed", "threads", "params")
    KIND: ClassVar[str]
    STARTS_FROM_TRUNK: ClassVar[bool] = False
    """Whether `fit` takes `start`."""
    READS_SEQUENCES: ClassVar[bool] = False
    """Whether it looks at columns of lists; others leave them aside."""
    FORMAT: ClassVar[int] = 1
    """Raised when stored estimators of the kind can no longer be read."""

    columns_: FeatureColumns
    ignored_: tuple[str, ...]
    best_step_: int | None
    start_: dict[str, Any] | None = None

    def __init__(
        self, *, targets: Sequence[Target], seed: int, threads: int, params: Mapping[str, Any]
    ) -> None:
        self.targets = targets
        self.seed = seed
        self.threads = threads
        self.params = params

    def fit(
        self,
        features: pd.DataFrame,
        labels: pd.DataFrame,
        *,
        validation: tuple[pd.DataFrame, pd.DataFrame] | None = None,
        sample_weight: npt.ArrayLike | None = None,
        groups: npt.ArrayLike | None = None,
        validation_weight: npt.ArrayLike | None = None,
        validation_groups: npt.ArrayLike | None = None,
        on_step: Callable[[CurvePoint], None] | None = None,
        checkpoint: Path | None = None,
        start: Path | None = None,
        unlabelled: pd.DataFrame | None = None,
        ignore: Collection[str] = (),
    ) -> Self:
        """Fit to the rows.

        Args:
            features: Numbers, booleans and strings, n rows; missing values are allowed everywhere.
            labels: One column for each target, n rows; missing where a row has no label.
            validation: Features and labels of m rows to stop early by, which kinds that refit learn
                from in the end; None, or no label in them: all steps are taken.
            sample_weight: Weight of each row, of shape (n,), at least 0; None: 1. A row of weight 0
                counts as if it were not there.
            groups: What the rows of one group have in common and no other row has, of shape (n,),
                as the entity that they describe at several times; None: rows stand by themselves.
            validation_weight: Weight of each row of the validation, of shape (m,), on the scale of
                `sample_weight`, beside which it stands.
            validation_groups: Groups of the rows of the validation, of shape (m,), likewise.
            on_step: Told of each step of kinds that learn in steps; of all again by a fit that goes
                on from a checkpoint.
            checkpoint: A folder of this fit alone. Kinds that learn for long keep there how far
                they came, and a fit to the same rows goes on from it to the same result.
            start: File of a trunk, as `Trunk.write` writes it, that a network starts from; see its
                parameter `transfer`. None: it starts from nothing.
            unlabelled: Features of rows without labels, from which networks with
                `pretraining_epochs` learn too; other kinds leave them alone.
            ignore: Columns that are left out of the fit, as selection found; tables to predict may
                have them, and they change nothing.

        Raises:
            FeatureTypeError: If a column is of a type that no model takes.
            TargetError: If labels do not suit their targets, or leave nothing to learn; or if
                weights or groups are given of one of the two tables alone.
            TransferError: If this kind starts from no trunk, or the trunk is of another shape.
        """
        if start is not None and not self.STARTS_FROM_TRUNK:
            raise TransferError(
                f"A model of the kind {self.KIND!r} starts from no trunk; networks do, as `tabm`."
            )
        self.best_step_, self.start_ = None, None
        self.ignored_ = tuple(name for name in features.columns if name in set(ignore))
        inputs = FitInputs.of(
            self.targets,
            (self._seen(features), labels),
            None if validation is None else (self._seen(validation[0]), validation[1]),
            weights=(sample_weight, validation_weight),
            groups=(groups, validation_groups),
            on_step=on_step,
            checkpoint=checkpoint,
            start=start,
            unlabelled=None if unlabelled is None else self._seen(unlabelled),
        )
        self.columns_ = inputs.columns
        self._fit(inputs)
        return self

    def predict(self, features: pd.DataFrame) -> Floats:
        """Return predictions of shape (n, outputs): probabilities, or values of a regression.

        Auxiliary targets have no outputs.
        """
        columns = self._fitted_columns()
        features = self._seen(features)
        columns.check(features)
        outputs = sum(target.outputs for target in predicted(self.targets))
        if len(features) == 0:
            return np.empty((0, outputs))
        return self._predict(features)

    def importances(self) -> dict[str, float] | None:
        """Return a non-negative importance of each feature; None where the kind cannot tell."""
        return None

    def target_importances(self) -> dict[str, dict[str, float]] | None:
        """Return by target what `importances` returns; None where the kind cannot tell them apart.

        Of a single target they are its importances.
        """
        found = self.importances()
        return {self.targets[0].name: found} if found and len(self.targets) == 1 else None

    def contributions(
        self,
        features: pd.DataFrame,
        baseline: pd.DataFrame,
        *,
        players: Sequence[str] = (),
    ) -> Floats:
        """Return what each feature adds to each output of each row, in log-odds or values.

        Exact for trees (against the mean over their training rows) and linear models (against the
        baseline); of other kinds as `yule_models.explanation.sampled_contributions` estimates it.

        Args:
            features: The rows, n of them.
            baseline: One row that others are compared with (see `typical_row`).
            players: The features that an estimate tells apart, the most important first; by default
                by the estimator's own importances, else in the order of the columns.

        Returns:
            Of shape (n, features, outputs), in the order of the columns; 0 of columns that the
            fit was told to ignore.
        """
        columns = self._fitted_columns()
        seen, start = self._seen(features), self._seen(baseline)
        columns.check(seen)
        columns.check(start)
        known = self._contributions(seen, start, players).reshape(len(seen), len(seen.columns), -1)
        if len(seen.columns) == len(features.columns):
            return known
        found = np.zeros((len(seen), len(features.columns), known.shape[2]))
        found[:, features.columns.isin(seen.columns)] = known
        return found

    def save(self, folder: Path) -> None:
        """Write the fitted estimator into an empty folder."""
        description = {
            "targets": [target.to_json() for target in self.targets],
            "seed": self.seed,
            "threads": self.threads,
            "params": dict(self.params),
            "columns": self._fitted_columns().to_json(),
            "ignored": list(self.ignored_),
            "best_step": self.best_step_,
        }
        write_description(folder, description, kind=self.KIND, stored_format=self.FORMAT)
        self._save(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a fitted estimator; its predictions are those of the saved one, bit for bit.

        Raises:
            EstimatorFormatError: If it is of another kind, or of a format that this version does
                not read, or if a file of it is missing or damaged.
        """
        description = read_description(folder, kind=cls.KIND, stored_format=cls.FORMAT)
        with reading(folder / ESTIMATOR_FILE):
            estimator = cls(
                targets=[Target.of(target) for target in description["targets"]],
                seed=description["seed"],
                threads=description["threads"],
                params=description["params"],
            )
            estimator.columns_ = FeatureColumns.of(description["columns"])
            estimator.ignored_ = tuple(description["ignored"])
            estimator.best_step_ = description["best_step"]
        estimator._load(folder)
        return estimator

    @abstractmethod
    def _fit(self, inputs: FitInputs) -> None: ...

    @abstractmethod
    def _predict(self, features: pd.DataFrame) -> Floats: ...

    def _contributions(
        self, features: pd.DataFrame, baseline: pd.DataFrame, players: Sequence[str]
    ) -> Floats:
        from yule_models.explanation.sampling import contributions_of

        return contributions_of(self, features, baseline, players)

    @abstractmethod
    def _save(self, folder: Path) -> None: ...

    @abstractmethod
    def _load(self, folder: Path) -> None: ...

    def _seen(self, features: pd.DataFrame) -> pd.DataFrame:
        """Return a table without what this kind does not read, or the fit was told to ignore."""
        unread = () if self.READS_SEQUENCES else sequence_columns(features)
        left_out = {*self.ignored_, *unread} & set(features.columns)
        return features.drop(columns=sorted(left_out)) if left_out else features

    def _fitted_columns(self) -> FeatureColumns:
        if not hasattr(self, "columns_"):
            raise NotFittedError(f"This {self.KIND} estimator is not fitted; call fit first.")
        return self.columns_
