"""Targets of all kinds in one case, with labels that are missing for some."""

import html
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from many_targets import CLASSES, TARGETS, many_targets
from variants import run


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run(many_targets(tmp_path_factory.mktemp("targets")))


def test_everybody_gets_what_suits_each_kind(ran: dict[str, Any]) -> None:
    files = sorted(Path(ran["paths"]["predictions"]).glob("*.parquet"))
    rows = pa.concat_tables([pq.read_table(path) for path in files])
    shares = np.column_stack([rows[f"interest.{label}"].to_numpy() for label in CLASSES])

    assert rows.column_names == [
        *("entity_id", "as_of", "interest"),
        *(f"interest.{label}" for label in CLASSES),
        *("ordered", "visits", "visits.lower", "visits.upper"),
        *(f"{target}.reason_{place}" for target in sorted(TARGETS) for place in (1, 2)),
        "model_version",
    ]
    assert shares.sum(axis=1) == pytest.approx(np.ones(len(rows)))
    assert rows["interest"].to_pylist() == [CLASSES[place] for place in shares.argmax(axis=1)]
    lower, upper = (rows[f"visits.{end}"].to_numpy() for end in ("lower", "upper"))
    assert (lower >= 0).all()
    assert (lower < upper).all()


def test_each_target_is_judged_on_the_rows_that_have_its_label(ran: dict[str, Any]) -> None:
    metrics = ran["metrics"]
    known = {name: metrics[name]["ensemble"]["folds"][0]["rows"] for name in TARGETS}

    assert len(set(known.values())) == 3
    assert {name: metrics[name]["main_metric"] for name in TARGETS} == {
        "ordered": "auc",
        "interest": "macro_auc",
        "visits": "rmse",
    }
    assert metrics["interest"]["ensemble"]["mean"]["macro_auc"] > 0.7
    constant = metrics["visits"]["models"]["constant"]["mean"]["rmse"]
    assert metrics["visits"]["ensemble"]["mean"]["rmse"] < 0.9 * constant
    assert 0.8 < metrics["visits"]["ensemble"]["interval"]["coverage"] < 0.98
    assert {name: found["kind"] for name, found in ran["leaks"]["targets"].items()} == {
        name: metrics[name]["kind"] for name in TARGETS
    }


def test_the_report_and_mlflow_have_all_of_it(ran: dict[str, Any]) -> None:
    page = html.unescape(Path(ran["paths"]["report"]).read_text(encoding="utf-8"))
    for said in ("Cumulative gain", "Confusion", "セール", "Predicted against actual", "Residuals"):
        assert said in page
    with closing(sqlite3.connect(ran["mlflow"]["uri"].removeprefix("sqlite:///"))) as connection:
        query = "SELECT key FROM latest_metrics WHERE run_uuid = ?"
        tracked = {key for (key,) in connection.execute(query, [ran["mlflow"]["run_id"]])}
    assert {
        "ordered/ensemble/auc",
        "interest/ensemble/macro_auc",
        "visits/ensemble/rmse",
        "visits/ensemble/interval_coverage",
        "ordered/contacts/profit",
        *(
            f"visits/ensemble/permutation/{feature}"
            for feature in ran["explanation"]["visits"]["ensemble"]["permutation"]
        ),
    } <= tracked


def test_models_and_scores_are_explained(ran: dict[str, Any]) -> None:
    for target in TARGETS:
        found = ran["explanation"][target]
        for own in (found["ensemble"], *found["models"].values()):
            assert len(own["permutation"]) == len(own["shap"]) == 20
            assert 0 < len(own["gain"]) <= 20
            assert max(own["permutation"].values()) > 0
            assert min(own["shap"].values()) >= 0
        page = Path(ran["paths"]["report"]).read_text(encoding="utf-8")
        assert f"<summary>{target}: ensemble, permutation</summary>" in page
    rows = pq.read_table(ran["paths"]["predictions"])
    assert all(": makes it " in text for text in rows["interest.reason_1"].to_pylist())
    assert any(" is missing: " in text for text in rows["ordered.reason_2"].to_pylist() if text)
    moved = [text.rpartition(" by ")[2] for text in rows["visits.reason_1"].to_pylist()]
    less = [text.rpartition(" by ")[2] for text in rows["visits.reason_2"].to_pylist()]
    assert all(float(one) >= float(other) for one, other in zip(moved, less, strict=True))


def test_selection_says_what_it_left_out(ran: dict[str, Any]) -> None:
    removed = {entry["feature"]: entry for entry in ran["removed_features"]}
    assert {entry["step"] for entry in removed.values()} >= {"exclude", "importance"}
    used = set(ran["explanation"]["visits"]["models"]["trees"]["gain"])
    everywhere = {name for name, entry in removed.items() if entry["folds"] == [0, 1]}
    assert everywhere
    assert not everywhere & used
    page = Path(ran["paths"]["report"]).read_text(encoding="utf-8")
    assert "Features left out" in page
    assert ran["stages"]["selection"]["computed"] == 2


def test_a_cut_is_recommended(ran: dict[str, Any]) -> None:
    plan = ran["contacts"]["ordered"]["plan"]
    rows = pq.read_table(ran["paths"]["predictions"])

    assert plan["cut"] == 0.25
    assert plan["rows"] == np.count_nonzero(rows["ordered"].to_numpy() > 0.25)
    assert plan["profit"] >= plan["profit_of_all"]
    stored = json.loads(Path(ran["paths"]["run"], "run.json").read_text())
    assert stored["contacts"] == ran["contacts"]
