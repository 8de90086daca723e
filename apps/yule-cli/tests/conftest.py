"""A case to resolve, and a run whose numbers can be checked by eye."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gokart_store import TaskRecord
from yule_cli.summary import (
    Contacts,
    FeatureFacts,
    FeatureScore,
    MlflowRun,
    PlanFacts,
    Reused,
    RowFacts,
    RunPaths,
    RunSummary,
    TargetLeaks,
    TopFacts,
    stage_costs,
    target_scores,
)

ROOT = Path("/home/me/shop/.yule")

CATALOG = """\
timezone: UTC
tables:
  orders:
    kind: events
    table: orders
    entity: customer
    time: at
    measures: {amount: amount}
"""

CASE = """\
case: shop
warehouse: duckdb:data
catalog: catalog.yaml
labels:
  table: labels
  entity: customer
  as_of: as_of
  horizon: 10d
  targets: {ordered: binary}
score: {population: orders}
"""

DAY_US = 86_400_000_000


def record(name: str, seconds: float, peak: float | None = 0.5) -> TaskRecord:
    return TaskRecord(
        task_id=f"{name}-{seconds}",
        name=f"some.module.{name}",
        seconds=seconds,
        peak_memory_gib=peak,
        declared_memory_gib=1.0,
    )


def scores(auc: float, *, candidate: bool | None = True) -> dict[str, Any]:
    """Two folds around `auc`; lift is defined in one of them only."""
    folds = [
        {"fold": 0, "rows": 60, "auc": auc - 0.01, "log_loss": 0.5, "lift_at_10pct": 2.0},
        {"fold": 1, "rows": 40, "auc": auc + 0.01, "log_loss": 0.7, "lift_at_10pct": None},
    ]
    found = {
        "folds": folds,
        "mean": {"auc": auc, "log_loss": 0.6, "lift_at_10pct": 2.0},
        "std": {"auc": 0.014142, "log_loss": 0.141421, "lift_at_10pct": None},
    }
    return found if candidate is None else {**found, "candidate": candidate}


def leaks(*, suspects: int) -> TargetLeaks:
    """Four features; the first ones may be suspects."""
    scores = [0.98, 0.93][:suspects] + [0.71, 0.705, 0.69, 0.5][: 4 - suspects]
    names = ["calls.duration", "calls.minutes", "purchases.30d.count", "people.country"]
    names = names if suspects else names[::-1]
    ranking = [
        FeatureScore(feature=name, score=score) for name, score in zip(names, scores, strict=True)
    ]
    return TargetLeaks(
        kind="binary",
        features=40,
        ranking=tuple(ranking),
        suspects=tuple(names[:suspects]),
        lead=0.22 if suspects else 0.005,
        margin=0.1,
    )


@pytest.fixture
def leaking(summary: RunSummary) -> RunSummary:
    """The same run, two of whose features seem to know the outcome."""
    return replace(summary, leaks={"purchased": leaks(suspects=2)})


@pytest.fixture
def contacts() -> Contacts:
    top = TopFacts(share=0.1, rows=434, least_score=0.2, expected=120.0, lift=2.5)
    plan = PlanFacts(
        cost=0.5,
        value=10,
        cut=0.05,
        worthwhile=120,
        rows=120,
        least_score=0.051,
        expected=30.0,
        profit=240.0,
        profit_of_all=-40.0,
        validated=(1.5, 2.5),
        validated_rows=(60, 60),
    )
    return Contacts(population=4338, top=(top,), plan=plan)


@pytest.fixture
def metrics() -> dict[str, Any]:
    return {
        "targets": {
            "purchased": {
                "kind": "binary",
                "models": {
                    "neural": scores(0.80),
                    "constant": scores(0.50, candidate=False),
                    "gbdt": scores(0.81),
                },
                "ensemble": {
                    **scores(0.82, candidate=None),
                    "weights": {"gbdt": 0.64, "neural": 0.36},
                    "method": "greedy",
                    "calibration": "none",
                    "dropped": {},
                    "interval": None,
                },
            }
        }
    }


@pytest.fixture
def summary(metrics: dict[str, Any]) -> RunSummary:
    computed = [
        record("LabelRows", 0.5),
        record("EventWindows", 4.0, peak=1.25),
        record("EventWindows", 6.0, peak=None),
        *(record("TrainFold", seconds) for seconds in (10.0, 20.0, 30.0)),
    ]
    reused = [Reused(name="TrainFold", seconds=90.0), Reused(name="Population")]
    return RunSummary(
        run_id="online-retail-20261124T020000Z-ab12cd",
        case="online-retail",
        status="succeeded",
        started_at=datetime(2026, 11, 24, 2, tzinfo=UTC),
        seconds=83.4,
        resolved_digest="d1" * 32,
        paths=RunPaths(
            run=ROOT / "runs/one",
            resolved=ROOT / "runs/one/resolved.json",
            predictions=ROOT / "predictions/online-retail/latest",
            report=ROOT / "runs/one/report.html",
            tensorboard=ROOT / "runs/one/tensorboard",
        ),
        stages=stage_costs(computed, reused),
        targets=target_scores(metrics),
        data={
            "training": RowFacts(
                rows=1200,
                unknown_rows=12,
                features={
                    "purchases": FeatureFacts(unknown_rows=40, not_finite=34),
                    "people": FeatureFacts(unknown_rows=12, not_finite=0),
                },
                constant_columns=("people.country",),
                missing_columns=("people.age", "people.born", "people.size", "people.shoe"),
            ),
            "population": RowFacts(
                rows=4338,
                unknown_rows=0,
                features={
                    "purchases": FeatureFacts(unknown_rows=0, not_finite=0),
                    "people": FeatureFacts(unknown_rows=9, not_finite=0),
                },
                constant_columns=(),
                missing_columns=(),
            ),
        },
        leaks={"purchased": leaks(suspects=0)},
        model_version="0123456789ab",
        rows_scored=4338,
        predictions_digest="d2" * 32,
        mlflow=MlflowRun(
            uri=f"sqlite:///{ROOT}/mlflow.db", experiment="online-retail", run_id="0a1b2c3d"
        ),
    )


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case file with a catalogue and data: 12 customers, labelled at two times."""
    data = tmp_path / "data"
    data.mkdir()
    customers = list(range(12))
    days = pa.array([5 * day * DAY_US for day in customers]).cast(pa.timestamp("us"))
    orders = {"customer": customers, "at": days, "amount": [1.5] * 12}
    pq.write_table(pa.table(orders), data / "orders.parquet")
    as_of = pa.array([20 * DAY_US] * 12 + [40 * DAY_US] * 12).cast(pa.timestamp("us"))
    labels = {"customer": customers * 2, "as_of": as_of, "ordered": [0, 1] * 12}
    pq.write_table(pa.table(labels), data / "labels.parquet")
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    path = tmp_path / "case.yaml"
    path.write_text(CASE)
    return path
