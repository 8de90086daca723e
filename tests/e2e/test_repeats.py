"""Folds that are dealt several times, from the case file to the report."""

import html
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from shop import run_yule
from variants import change, predictions, quick_shop, run

REPEATS = 3


def repeated(folder: Path, **validation: Any) -> Path:
    case = quick_shop(folder)

    def edit(fields: dict[str, Any]) -> None:
        fields["validation"] = {"folds": 2, "repeats": REPEATS, **validation}
        fields["explain"] = {"importances": False}

    change(case, edit)
    return case


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run(repeated(tmp_path_factory.mktemp("repeats"), scheme="grouped"))


def test_models_of_all_repeats_are_trained_judged_and_score(ran: dict[str, Any]) -> None:
    found = ran["metrics"]["ordered"]
    count = len(found["models"])
    assert ran["stages"]["training"]["computed"] == count * 2 * REPEATS
    assert found["fold_repeats"] == REPEATS
    assert [entry["fold"] for entry in found["ensemble"]["folds"]] == list(range(2 * REPEATS))
    assert predictions(ran).num_rows > 0
    assert len(list(Path(ran["tensorboard"], "trees").iterdir())) == 2 * REPEATS


def test_a_row_has_one_prediction_from_all_repeats(ran: dict[str, Any]) -> None:
    cache = Path(ran["paths"]["run"]).parents[1] / "store" / "cache"
    (ensemble,) = cache.glob("*/FitEnsemble/*/files-*/oof.parquet")
    rows = pq.read_table(ensemble)
    tables = [pq.read_table(path) for path in cache.glob("*/AssignFolds/*/files-*/*.parquet")]
    (folds,) = (table for table in tables if "fold.1" in table.column_names)
    assert len(tables) == 1 + REPEATS
    assert (
        rows.num_rows == folds.num_rows == len(rows.group_by(["entity_id", "as_of"]).aggregate([]))
    )
    assert {"fold", "fold.1", "fold.2"} <= set(folds.column_names)
    for name in ("fold", "fold.1", "fold.2"):
        sides = folds.group_by("entity_id").aggregate([(name, "count_distinct")])
        assert sides[f"{name}_count_distinct"].unique().to_pylist() == [1]


def test_the_summary_and_the_report_say_so(ran: dict[str, Any]) -> None:
    page = html.unescape(Path(ran["paths"]["report"]).read_text(encoding="utf-8"))
    assert f"over {2 * REPEATS} folds (2 dealt {REPEATS} times)" in page


def test_one_more_repeat_trains_only_its_own_folds(tmp_path: Path) -> None:
    case = repeated(tmp_path, scheme="grouped", repeats=1)
    once = run(case)
    change(case, lambda fields: fields["validation"].update(repeats=2))
    twice = run(case)
    trained = [printed["stages"]["training"] for printed in (once, twice)]
    assert trained[1]["computed"] == trained[0]["computed"]
    assert trained[1]["reused"] == trained[0]["computed"]


def test_time_cannot_be_repeated(tmp_path: Path) -> None:
    case = repeated(tmp_path, scheme="forward")
    refused = run_yule("validate", case)
    assert refused.returncode == 2, refused.stderr
    assert "`validation.repeats` cannot be used: A forward scheme cannot be repeated" in (
        " ".join(refused.stderr.split())
    )
