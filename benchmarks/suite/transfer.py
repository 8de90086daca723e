"""Adult: AUC of a network with few labels that starts from a trunk, against one from nothing."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from harness import Result, data_folder, say
from sklearn.metrics import roc_auc_score
from yule_models import Target, make_estimator
from yule_models.estimators.neural import NeuralEstimator

_ENTITY, _INCOME = "user_id", Target(name="income_over_50k")
_EARLIER = (
    Target(
        name="marital_status",
        kind="multiclass",
        classes=(
            "Married-civ-spouse",
            "Never-married",
            "Divorced",
            "Separated",
            "Widowed",
            "Married-spouse-absent",
            "Married-AF-spouse",
        ),
    ),
    Target(name="hours_per_week", kind="regression"),
)
_TOLD = ("relationship", *(target.name for target in _EARLIER))
"""No features: what earlier cases asked for, and what says the same."""
_FEW, _OTHERS, _DRAWS, _HELD = 300, 5_000, 5, 8
_VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "nothing": {},
    "auxiliary": {},
    "auxiliary, weights learned": {"loss_weights": "learned"},
    "fine-tune": {"transfer": "fine-tune"},
    "gradual": {"transfer": "gradual"},
    "frozen": {"transfer": "frozen"},
    "pretraining": {"pretraining_epochs": 10},
}


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """Features and labels of some users."""

    features: pd.DataFrame
    labels: pd.DataFrame

    def take(self, chosen: npt.NDArray[Any]) -> _Rows:
        return _Rows(
            features=self.features.iloc[chosen].reset_index(drop=True),
            labels=self.labels.iloc[chosen].reset_index(drop=True),
        )


def measure() -> Result:
    """Start from a trunk of 5,000 others' marital status and hours; 300 know their income.

    Beside it the same labels as auxiliary targets, and the same rows without labels. Two tenths of
    the training file are held out; everything is judged on them.
    """
    path = data_folder("adult", "train.parquet") / "train.parquet"
    table = pd.read_parquet(path)
    tenth = np.array([_tenth(user) for user in table[_ENTITY]])
    names = [_INCOME.name, *(target.name for target in _EARLIER)]
    dropped = [_ENTITY, _INCOME.name, *_TOLD]
    rows = _Rows(features=table.drop(columns=dropped), labels=table[names])
    held = rows.take(np.flatnonzero(tenth >= _HELD))
    pool = np.flatnonzero(tenth < _HELD)
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for draw in range(_DRAWS):
            few = np.random.default_rng(draw).choice(pool, _FEW, replace=False)
            rest = np.random.default_rng(draw).permutation(np.setdiff1d(pool, few))
            others = rows.take(rest[:_OTHERS])
            start = Path(folder) / f"trunk-{draw}"
            _trunk(others, seed=draw).write(start)
            for name, score in _scores(rows, few, others, held, start, seed=draw):
                say(f"{name} {score:.4f}")
                found.setdefault(name, []).append(score)
    means = {name: float(np.mean(scores)) for name, scores in found.items()}
    best = max(("fine-tune", "gradual", "frozen"), key=means.__getitem__)
    return Result(
        ours=means[best],
        reference=means["nothing"],
        unit=f"AUC on held-out rows, {_FEW} labels, mean of {_DRAWS} draws",
        goal="a start from a trunk is better than one from nothing on every draw",
        is_met=all(np.greater(found[best], found["nothing"])),
        details={"transfer": best, "scores": found, "held": len(held.labels)},
    )


def _trunk(others: _Rows, *, seed: int) -> Any:
    say(f"Learning {', '.join(target.name for target in _EARLIER)} of {len(others.labels)} users.")
    model = make_estimator("neural", targets=_EARLIER, seed=seed, threads=1)
    inner = np.random.default_rng(seed).random(len(others.labels)) < 0.1
    seen, judged = (others.take(np.flatnonzero(part)) for part in (~inner, inner))
    model.fit(seen.features, seen.labels, validation=(judged.features, judged.labels))
    assert isinstance(model, NeuralEstimator)  # that is its kind
    return model.trunk({"targets": [target.name for target in _EARLIER]})


def _scores(
    rows: _Rows,
    few: npt.NDArray[Any],
    others: _Rows,
    held: _Rows,
    start: Path,
    *,
    seed: int,
) -> Sequence[tuple[str, float]]:
    inner = np.arange(_FEW) < _FEW * 0.2
    seen, judged = rows.take(few[~inner]), rows.take(few[inner])

    def score(
        kind: str,
        params: Mapping[str, Any],
        targets: Sequence[Target],
        known: _Rows,
        **options: Any,
    ) -> float:
        model = make_estimator(kind, targets=targets, seed=seed, threads=1, params=params)
        validation = (judged.features, judged.labels)
        model.fit(known.features, known.labels, validation=validation, **options)
        answers = held.labels[_INCOME.name]
        return float(roc_auc_score(answers, model.predict(held.features)[:, 0]))

    found = [(kind, score(kind, {}, [_INCOME], seen)) for kind in ("gbdt", "linear")]
    helping = [_INCOME, *(replace(target, is_auxiliary=True) for target in _EARLIER)]
    unknown = others.labels.assign(**{_INCOME.name: np.nan})
    all_rows = _Rows(
        features=pd.concat([seen.features, others.features], ignore_index=True),
        labels=pd.concat([seen.labels, unknown], ignore_index=True),
    )
    for name, params in _VARIANTS.items():
        if name.startswith("auxiliary"):
            found.append((name, score("neural", params, helping, all_rows)))
            continue
        # 300 rows are a step or two of the default batch.
        given = {"batch_rows": 32, **params}
        options = {"start": start} if "transfer" in params else {"unlabelled": others.features}
        found.append((name, score("neural", given, [_INCOME], seen, **options)))
    return found


def _tenth(user: object) -> int:
    return int(hashlib.sha256(str(user).encode()).hexdigest()[:8], 16) % 10
