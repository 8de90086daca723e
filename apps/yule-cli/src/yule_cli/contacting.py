"""From the scores of the population to whom to contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from gokart_store import ShardedDataset
from yule_models import plan_contacts, top_rows
from yule_models.outputs import LABEL_PREFIX

from yule_cli.resolution import ResolvedCase
from yule_cli.summary import Contacts, PlanFacts, with_validated_lifts

__all__ = ["contacts_of"]

Floats = npt.NDArray[np.float64]


def contacts_of(
    resolved: ResolvedCase,
    scores: ShardedDataset,
    oof: pa.Table,
    curves: Mapping[str, Any],
    weights: Floats | None = None,
) -> dict[str, Contacts]:
    """Say for each binary target, and each amount that has a price, what contacts promise.

    Args:
        resolved: The case; `score.contact` has the prices.
        scores: The prediction table, of which one column is held at a time.
        oof: The ensemble's out-of-fold predictions and labels.
        curves: By target, the ensemble's curves.
        weights: Of the rows of `oof`, by which what contacts brought is averaged; None: all count
            alike.
    """
    prices = resolved.score["contact"]
    return {
        target["name"]: _contacts(
            scores.table([target["name"]])[target["name"]].to_numpy(),
            oof.select([target["name"], f"{LABEL_PREFIX}{target['name']}", "fold"]),
            curves.get(target["name"], {}),
            prices.get(target["name"]),
            weights,
        )
        for target in resolved.predicted_targets
        if target["kind"] == "binary" or target["name"] in prices
    }


def _contacts(
    scores: Floats,
    oof: pa.Table,
    curves: Mapping[str, Any],
    price: Mapping[str, Any] | None,
    weights: Floats | None,
) -> Contacts:
    top = with_validated_lifts([asdict(row) for row in top_rows(scores)], curves.get("lift", []))
    if price is None:
        return Contacts(population=len(scores), top=top)
    if weights is not None:
        oof = oof.append_column("row_weight", pa.array(weights))
    predictions, labels, fold, *own = (column.to_numpy() for column in oof.drop_null().columns)
    plan = plan_contacts(
        scores,
        **price,
        labels=labels,
        predictions=predictions,
        fold=fold,
        weights=own[0] if own else None,
    )
    return Contacts(population=len(scores), top=top, plan=PlanFacts(**asdict(plan)))
