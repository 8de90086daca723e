"""How much each feature matters to each model and to the ensemble, out of fold.

Permutation importance: Breiman: Random Forests, Machine Learning 2001; of whole models Fisher,
Rudin and Dominici: All models are wrong, but many are useful, JMLR 2019. Mean contributions:
Lundberg et al.: From local explanations to global understanding with explainable AI for trees,
Nature Machine Intelligence 2020.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from yule_models.ensemble import Blend
from yule_models.ensemble.importance import blend_importances, mean_importances
from yule_models.explanation.fold import explain_fold
from yule_models.explanation.study import ExplainedMember
from yule_models.metrics import default_metric
from yule_models.targets import Target

__all__ = ["explain_ensemble", "merge_explanations"]


def explain_ensemble(
    features: Callable[[int], pa.Table],
    labels: pa.Table,
    folds: pa.Table,
    *,
    members: Sequence[ExplainedMember],
    targets: Sequence[Target],
    blends: Mapping[str, Blend],
    seed: int,
) -> tuple[dict[str, Any], list[pd.DataFrame]]:
    """Explain the models that an ensemble uses, and the ensemble, on rows they were not trained on.

    Of each fold so many rows are drawn that 20,000 values are permuted, at most 1,000; of these,
    100 are told contributions. So the work is bounded, whatever the size of the table.

    Args:
        features: Of each fold the features of the labelled rows, row by row.
        labels: The labelled rows: entity_id, as_of, each target, and perhaps row_weight.
        folds: What `assign_folds` returned for them.
        members: The models.
        targets: The targets.
        blends: By target, how the models are combined.
        seed: Seed of the run.

    Returns:
        JSON: `rows` (drawn in all); `targets`, by name `loss` (what permutation raises), `unit` of
        contributions ("log-odds" or "value") and for each of `models` and the `ensemble`
        `permutation` (by how much the loss rises when the feature's values change rows, mean over
        folds; below 0 where it falls), `permutation_error` (the standard error of that mean, of
        features that two folds know), `shap` (mean absolute contribution) and `gain` (share by the
        model's own account, of this target where it can tell targets apart), all by feature, the
        largest first. And the typical row of each fold.
    """
    seen = [
        explain_fold(
            features(fold),
            labels,
            folds,
            fold=fold,
            members=members,
            targets=targets,
            blends=blends,
            seed=seed,
        )
        for fold in range(len(members[0].folders))
    ]
    report = merge_explanations(
        [each.to_json() for each in seen], members=members, targets=targets, blends=blends
    )
    return report, [each.typical for each in seen]


def merge_explanations(
    folds: Sequence[Mapping[str, Any]],
    *,
    members: Sequence[ExplainedMember],
    targets: Sequence[Target],
    blends: Mapping[str, Blend],
) -> dict[str, Any]:
    """Return what `explain_ensemble` reports, from what each fold showed.

    Args:
        folds: What `FoldExplanation.to_json` returned, in the order of the folds.
        members: The models.
        targets: The targets.
        blends: By target, how the models are combined.
    """
    found = [fold["found"] for fold in folds]
    return {
        "rows": sum(fold["rows"] for fold in folds),
        "targets": {
            target.name: _report(
                target,
                [fold.get(target.name, {}) for fold in found],
                {member.name: _gain(target, member, folds) for member in members},
                blends[target.name].shares,
            )
            for target in targets
        },
    }


def _report(
    target: Target,
    folds: Sequence[Mapping[str, Any]],
    known: Mapping[str, Mapping[str, float]],
    shares: Mapping[str, float],
) -> dict[str, Any]:
    gains = {name: own for name, own in known.items() if name in shares}
    own = blend_importances([(shares[name], each) for name, each in gains.items() if each])
    return {
        "loss": default_metric(target),
        "unit": "value" if target.kind == "regression" else "log-odds",
        "models": {name: _of(name, folds, _ordered(each)) for name, each in gains.items()},
        "ensemble": _of("", folds, own),
    }


def _gain(
    target: Target, member: ExplainedMember, folds: Sequence[Mapping[str, Any]]
) -> Mapping[str, float]:
    """Return the model's account of one target; of all together where it cannot tell them apart."""
    own = [fold["gains"].get(member.name, {}).get(target.name) for fold in folds]
    known = [found for found in own if found and any(found.values())]
    return mean_importances(known) if known else member.gains


def _of(
    model: str, folds: Sequence[Mapping[str, Any]], gain: Mapping[str, float]
) -> dict[str, Any]:
    """Return a model's importances, or those of the ensemble, whose name is empty."""
    seen = [fold.get(model, {}) for fold in folds]
    rises, sizes = (_by_feature(seen, method) for method in ("permutation", "shap"))
    errors = {name: _standard_error(found) for name, found in rises.items() if len(found) > 1}
    return {
        "permutation": _ordered({name: float(np.mean(found)) for name, found in rises.items()}),
        "permutation_error": _ordered(errors),
        "shap": _ordered({name: float(np.mean(found)) for name, found in sizes.items()}),
        "gain": dict(gain),
    }


def _by_feature(folds: Sequence[Mapping[str, Any]], method: str) -> dict[str, list[float]]:
    """Return what the folds that know a feature say of it."""
    found: dict[str, list[float]] = {}
    for fold in folds:
        for name, value in fold.get(method, {}).items():
            found.setdefault(name, []).append(value)
    return found


def _standard_error(values: Sequence[float]) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(len(values)))


def _ordered(values: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(values.items(), key=lambda item: (-item[1], item[0])))
