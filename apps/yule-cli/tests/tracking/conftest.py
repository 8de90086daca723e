from datetime import UTC, datetime
from typing import Any

import pytest
from yule_cli.summary import RunPaths, RunSummary, StageCost, target_scores
from yule_cli.tracking import TrackingPlace, tracking_place


@pytest.fixture(scope="session")
def resolved() -> dict[str, Any]:
    return {
        "schema": 1,
        "case": "shop",
        "store": "/s",
        "source": {
            "warehouse": "duckdb:data",
            "root": "/r",
            "catalog": {"tables": {}},
            "snapshot": {"purchases": "sha256:ab"},
            "threads": 1,
        },
        "labels": {"table": ["a", "b"], "targets": {"purchased": {"kind": "binary"}}},
        "models": [{"name": "gbdt", "params": {"depth": 6}}],
        "code": {"commit": "c0ffee-dirty", "packages": {"torch": "2"}},
    }


@pytest.fixture(scope="session")
def summary(tmp_path_factory: pytest.TempPathFactory) -> RunSummary:
    run = tmp_path_factory.mktemp("run")
    scores = {
        "folds": [{"fold": 0, "rows": 60, "auc": 0.8}, {"fold": 1, "rows": 40, "auc": None}],
        "mean": {"auc": 0.8},
        "std": {"auc": None},
    }
    combined = {"method": "greedy", "calibration": "none", "dropped": {}, "interval": None}
    ensemble = {**scores, "weights": {"gbdt": 1.0}, **combined}
    found = {"kind": "binary", "models": {"gbdt": scores}, "ensemble": ensemble}
    return RunSummary(
        run_id="shop-20261124T020000Z-ab12cd",
        case="shop",
        status="succeeded",
        started_at=datetime(2026, 11, 24, 2, tzinfo=UTC),
        seconds=12.5,
        resolved_digest="d1" * 32,
        paths=RunPaths(run=run, resolved=run / "resolved.json"),
        stages=(StageCost(stage="training", computed=2, reused=1, seconds=4.0, saved_seconds=2.0),),
        targets=target_scores({"targets": {"purchased": found}}),
        model_version="0123456789ab",
    )


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> TrackingPlace:
    """One SQLite store for all tests, since MLflow takes seconds to lay a new one out."""
    state = tmp_path_factory.mktemp("100 % odd")
    return tracking_place(None, experiment="shop", state=state, relative_to=state)
