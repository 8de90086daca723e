"""The task graph of a list: mushroom's features, and models of yule_models on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gokart_store import StoredTask
from mushroom import FeatureTable, Source, feature_tasks
from yule_models import AssignFolds, FitEnsemble, FoldScheme, ScoreShard, TrainFold

from reactivation_list.lapsed_tasks import Lapsed
from reactivation_list.request import Request
from reactivation_list.tasks import LapsedCustomers, RankedList

__all__ = ["BASELINES", "TARGET", "Graph", "build_graph"]

TARGET = "returned"
BASELINES = ("recency", "constant")
"""Judged beside the model and never used: a linear model of the silence alone, and one that knows
only how many came back before."""

# Results of LightGBM may change with the number of threads.
_THREADS = 1


@dataclass(frozen=True, kw_only=True)
class Graph:
    """The tasks of a list.

    Attributes:
        tasks: All of them, each after those that it needs.
        past_features: What was known of the past customers.
        ensemble: The model, and its validation.
        ranked: The list.
    """

    tasks: tuple[StoredTask[Any], ...]
    past_features: StoredTask[Any]
    ensemble: FitEnsemble
    ranked: RankedList


def build_graph(
    request: Request, source: Source, lapsed: Lapsed, *, table: str, scheme: FoldScheme
) -> Graph:
    """Compose the tasks: a pure function of its arguments.

    Args:
        request: What is asked for.
        source: The data.
        lapsed: Who had lapsed, now and in the past; their store is that of all tasks.
        table: The catalogue's name of the events.
        scheme: How the past is divided: forward in time.
    """
    place = {"workspace_directory": lapsed.past.workspace_directory}

    def described(
        entities: LapsedCustomers, feature: dict[str, Any]
    ) -> tuple[StoredTask[Any], ...]:
        parts = feature_tasks(entities, [feature], source)
        return (*parts, FeatureTable(entities=entities, parts=parts, **place))

    history = _history(table, request.lapsed_after_days)
    past, now = described(lapsed.past, history), described(lapsed.now, history)
    recency = described(lapsed.past, _recency(table))
    folds = AssignFolds(labels=lapsed.past, scheme=scheme.to_json(), seed=request.seed, **place)
    common = {
        "labels": lapsed.past,
        "folds": folds,
        "targets": [{"name": TARGET, "kind": "binary"}],
        **place,
    }
    kinds = {"model": request.model, "recency": "linear", "constant": "constant"}
    fits = [
        TrainFold(
            features=past[-1] if name == "model" else recency[-1],
            fold=fold,
            model={"name": name, "kind": kind, "params": {}},
            seed=request.seed,
            threads=_THREADS,
            **common,
        )
        for name, kind in kinds.items()
        for fold in range(scheme.folds)
    ]
    ensemble = FitEnsemble(fits=fits, baselines=BASELINES, **common)
    scored = ScoreShard(features=[now[-1]], fits=fits, ensemble=ensemble, shard=0, **place)
    final = RankedList(
        features=now[-1],
        scored=scored,
        lapsed_after_days=request.lapsed_after_days,
        **place,
    )
    described_all = (*past, *now, *recency)
    return Graph(
        tasks=(*lapsed.tasks, *described_all, folds, *fits, ensemble, scored, final),
        past_features=past[-1],
        ensemble=ensemble,
        ranked=final,
    )


def _history(table: str, lapse: int) -> dict[str, Any]:
    """Windows around the silence and before, and their trend: was the end slow or sudden?"""
    return {
        "name": "history",
        "method": "event_windows",
        "table": table,
        "windows": [f"{2 * lapse}d", f"{4 * lapse}d", "all"],
        "aggregates": [
            *("count", "active_days", "interval", "recency", "first_seen"),
            *("sum", "mean", "regularity"),
        ],
        "trend": ["ratio"],
    }


def _recency(table: str) -> dict[str, Any]:
    return {
        "name": "recency",
        "method": "event_windows",
        "table": table,
        "windows": ["all"],
        "aggregates": ["recency"],
        "trend": [],
    }
