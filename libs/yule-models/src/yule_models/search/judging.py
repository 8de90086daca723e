"""How well a trial does on the rows set aside, and how much of that may be chance.

The spread is that of the delete-a-group jackknife: Kott, The delete-a-group jackknife, Journal of
Official Statistics 17, 2001; Efron and Tibshirani, An introduction to the bootstrap, 1993, ch. 11.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from gokart_store import derive_seed

from yule_models.fold_rows import FoldRows
from yule_models.folds.hashing import entity_hashes
from yule_models.metrics import encode_labels, loss_of
from yule_models.outputs import output_slices
from yule_models.registry import make_estimator
from yule_models.search.errors import SearchError
from yule_models.targets import Target, predicted

__all__ = ["judge", "standard_error"]

Floats = npt.NDArray[np.float64]
_PARTS = 20


def judge(
    rows: FoldRows, answers: pd.DataFrame, predictions: Floats, *, seed: int
) -> tuple[float, list[float]]:
    """Return the loss of predictions of the rows set aside, as a share of a constant's.

    The loss is log-loss, or RMSE of numbers; of several targets, the mean of their shares.

    Args:
        rows: The rows of the fold.
        answers: Labels of the rows set aside, n of them.
        predictions: Of shape (n, outputs).
        seed: Seed of the run, by which entities are dealt into parts; the same for all trials.

    Returns:
        The loss; and the losses without one part of the entities after another. Of 20 parts, or as
        many as there are entities with labels; none where there is but one.

    Raises:
        SearchError: If no row set aside has a label.
    """
    targets = predicted(rows.targets)
    labels = np.column_stack([encode_labels(each, answers[each.name]) for each in targets])
    is_known = np.asarray((~np.isnan(labels)).any(axis=1))
    if not is_known.any():
        raise SearchError(
            f"Fold {rows.number} sets no row with a label aside, by which trials could be judged: "
            "label more entities, use fewer folds, or leave the search out."
        )
    constant, weights = _constant(rows, targets), rows.weights_of(rows.set_aside)

    def loss(kept: npt.NDArray[np.bool_]) -> float:
        own = None if weights is None else weights[kept]
        return _relative_loss(targets, labels[kept], predictions[kept], constant[kept], own)

    part = _parts(rows, is_known, derive_seed(seed, "parts", rows.number))
    parts = int(part.max()) + 1
    without = [loss(is_known & (part != each)) for each in range(parts)] if parts > 1 else []
    return loss(is_known), without


def standard_error(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Return the standard error of the difference between the losses of two trials.

    Both are judged on the same rows, and what is hard to foretell there is so for both: the error
    of the difference is far below that of either loss.

    Args:
        one: A trial with `without`, as `run_trial` returns it.
        other: Another one of the same fold.

    Returns:
        The error; infinite where rows are too few to tell.
    """
    differences = np.subtract(one["without"], other["without"])
    parts = len(differences)
    if parts < 2:
        return float("inf")
    return float(np.sqrt((parts - 1) / parts * ((differences - differences.mean()) ** 2).sum()))


def _relative_loss(
    targets: Sequence[Target],
    labels: Floats,
    predictions: Floats,
    constant: Floats,
    weights: Floats | None,
) -> float:
    shares = []
    for place, (target, part) in enumerate(
        zip(targets, output_slices(targets).values(), strict=True)
    ):
        wanted = labels[:, place]
        known = ~np.isnan(wanted)
        if not known.any():
            continue
        loss = loss_of(target, None, None if weights is None else weights[known])
        own, usual = (loss(wanted[known], each[known, part]) for each in (predictions, constant))
        shares.append(own / usual if usual > 0 else own)
    return float(np.mean(shares))


def _constant(rows: FoldRows, targets: Sequence[Target]) -> Floats:
    constant = make_estimator("constant", targets=targets, seed=0, threads=1)
    names = [target.name for target in targets]
    frame, answers = rows.of_positions(rows.learned_from)
    constant.fit(frame, answers[names], sample_weight=rows.weights_of(rows.learned_from))
    found: Floats = constant.predict(rows.of_positions(rows.set_aside)[0])
    return found


def _parts(rows: FoldRows, is_known: npt.NDArray[np.bool_], seed: int) -> npt.NDArray[np.int64]:
    """Deal the entities with labels into parts of about equal numbers; -1: without a label."""
    entities = rows.labels["entity_id"].take(rows.set_aside[is_known])
    names, codes = np.unique(entities.to_numpy(), return_inverse=True)
    order = np.argsort(entity_hashes(list(names), seed), kind="stable")
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names)) % _PARTS
    found = np.full(len(is_known), -1, dtype=np.int64)
    found[is_known] = place[codes]
    return found
