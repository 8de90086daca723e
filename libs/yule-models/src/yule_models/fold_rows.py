"""The rows of a fold as estimators take them, and a fit to its training rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from gokart_store import derive_seed

from yule_models.alignment import KEYS, check_aligned, row_weights
from yule_models.errors import DivergenceError
from yule_models.estimators import CurvePoint, Estimator
from yule_models.folds import FoldSplit, inner_split, split_fold
from yule_models.memory import OutOfMemoryError, is_out_of_memory, needed_gib
from yule_models.registry import describe_kind, learned_targets, make_estimator
from yule_models.targets import Target, predicted

__all__ = ["FoldRows", "feature_frame", "labelled_rows", "target_names"]

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class FoldRows:
    """The rows that a model meets on a fold.

    Attributes:
        features: entity_id, as_of, and the features; one row for each labelled row.
        labels: entity_id, as_of, one column for each target, and perhaps row_weight.
        number: Number of the fold.
        split: What the fold trains on, and what it validates.
        targets: What the model learns.
        training: Positions of the training rows with a label of what it learns.
        inner: Of these, which stop early; all others are learned from.
        weights: Of all rows, or None.
    """

    features: pa.Table
    labels: pa.Table
    number: int
    split: FoldSplit
    targets: tuple[Target, ...]
    training: Positions
    inner: npt.NDArray[np.bool_]
    weights: npt.NDArray[np.float64] | None

    @classmethod
    def of(
        cls,
        features: pa.Table,
        labels: pa.Table,
        folds: pa.Table,
        *,
        fold: int,
        model: Mapping[str, Any],
        targets: Sequence[Target],
        seed: int,
    ) -> Self:
        """Divide the rows of a fold; arguments as of `yule_models.training.train_fold`.

        Raises:
            AlignmentError: If the three tables do not describe the same rows.
            FoldError: If there is no such fold.
        """
        check_aligned(features, labels, names=("features", "labels"))
        check_aligned(folds, labels, names=("folds", "labels"))
        split = split_fold(folds, fold)
        learned = learned_targets(model["kind"], model.get("params", {}), targets)
        training = labelled_rows(labels, split.training, learned)
        inner_seed = derive_seed(seed, "inner", fold)
        return cls(
            features=features,
            labels=labels,
            number=fold,
            split=split,
            targets=learned,
            training=training,
            inner=_inner_rows(labels, training, predicted(learned), inner_seed),
            weights=row_weights(labels),
        )

    @cached_property
    def answers(self) -> pd.DataFrame:
        """The labels of all rows."""
        answers: pd.DataFrame = self.labels.select(target_names(self.targets)).to_pandas()
        return answers

    @property
    def learned_from(self) -> Positions:
        """Positions of the rows that are learned from."""
        return self.training[~self.inner]

    @property
    def set_aside(self) -> Positions:
        """Positions of the rows that stop early."""
        return self.training[self.inner]

    def of_positions(self, positions: Positions) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return features and labels of some rows."""
        part = self.answers.iloc[positions].reset_index(drop=True)
        return feature_frame(self.features.take(pa.array(positions))), part

    def weights_of(self, positions: Positions) -> npt.NDArray[np.float64] | None:
        """Return the weights of some rows, or None where all count alike."""
        return None if self.weights is None else self.weights[positions]

    def fit(
        self,
        model: Mapping[str, Any],
        *,
        seed: int,
        threads: int,
        on_step: Callable[[CurvePoint], None] | None = None,
        checkpoint: Path | None = None,
        start: Path | None = None,
        ignore: Collection[str] = (),
    ) -> Estimator:
        """Fit a model to the training rows; arguments as of `yule_models.training.train_fold`.

        Raises:
            DivergenceError: If the loss of the fit is no longer a finite number.
            OutOfMemoryError: If the rows do not fit into memory; the message says what they need.
        """
        estimator = make_estimator(
            model["kind"],
            targets=self.targets,
            seed=derive_seed(seed, model["name"], self.number),
            threads=threads,
            params=model.get("params", {}),
        )
        entities = self.labels["entity_id"].to_pandas().to_numpy(dtype=object)
        learned_from, set_aside = self.learned_from, self.set_aside
        has_inner = bool(len(set_aside))
        where = f"The model {model['name']!r} on fold {self.number}"
        try:
            return estimator.fit(
                *self.of_positions(learned_from),
                validation=self.of_positions(set_aside) if has_inner else None,
                sample_weight=self.weights_of(learned_from),
                groups=entities[learned_from],
                validation_weight=self.weights_of(set_aside) if has_inner else None,
                validation_groups=entities[set_aside] if has_inner else None,
                on_step=on_step,
                checkpoint=checkpoint,
                start=start,
                unlabelled=self._unlabelled(),
                ignore=ignore,
            )
        except DivergenceError as error:
            raise DivergenceError(f"{where}: {error}") from error
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            count, columns = len(self.training), self.features.num_columns - len(KEYS)
            raise OutOfMemoryError(
                f"{where} does not fit into memory: {count:,} rows of {columns:,} features need "
                f"about {needed_gib(count, columns):.2f} GiB. Give the run more memory or fewer "
                f"workers, or leave features out by `select`{_smaller(model)}."
            ) from error

    def _unlabelled(self) -> pd.DataFrame | None:
        """Return the features of training rows that lack a label of all that the model learns."""
        rows = np.setdiff1d(self.split.training, self.training)
        return feature_frame(self.features.take(pa.array(rows))) if len(rows) else None


def feature_frame(features: pa.Table) -> pd.DataFrame:
    """Return the features of a table, without its keys if it has them, as estimators take them.

    Lists stay Arrow's: as objects of Python they would take many times the memory.
    """
    columns = features.drop_columns([key for key in KEYS if key in features.column_names])
    # Column by column, so that a table nobody else holds is freed as its frame grows.
    frame: pd.DataFrame = columns.to_pandas(
        split_blocks=True,
        self_destruct=True,
        types_mapper=lambda kind: pd.ArrowDtype(kind) if pa.types.is_list(kind) else None,
    )
    return frame


def _smaller(model: Mapping[str, Any]) -> str:
    """Name the parameter by which a kind takes less memory, where it has one."""
    name = "micro_batch_rows"
    has_it = name in describe_kind(model["kind"]).parameters
    return f", or set `{name}`, so that less of a step is in memory at once" if has_it else ""


def target_names(targets: Sequence[Target]) -> list[str]:
    """Return the names of targets."""
    return [target.name for target in targets]


def labelled_rows(labels: pa.Table, rows: Positions, targets: Sequence[Target]) -> Positions:
    """Return those of the rows that have a label for at least one target."""
    has_label = np.zeros(len(rows), dtype=np.bool_)
    for target in targets:
        has_label |= labels[target.name].is_valid().to_numpy()[rows]
    return rows[has_label]


def _inner_rows(
    labels: pa.Table, training: Positions, judged: Sequence[Target], seed: int
) -> npt.NDArray[np.bool_]:
    """Choose the rows that stop early: the same for all models of a fold.

    They are chosen among rows with a label of a predicted target, so that scores of models that
    learn auxiliary ones too differ by the models alone; other rows go where their entity is.
    """
    decisive = np.isin(training, labelled_rows(labels, training, judged))
    inner = np.zeros(len(training), dtype=np.bool_)
    inner[decisive] = inner_split(
        labels.take(training[decisive]).select([*KEYS, *target_names(judged)]), seed=seed
    )
    if not decisive.all():
        entities = labels["entity_id"].take(training)
        chosen = entities.filter(pa.array(inner)).combine_chunks()
        inner |= pc.is_in(entities, value_set=chosen).to_numpy()
    return inner
