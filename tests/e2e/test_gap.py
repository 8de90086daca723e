"""Forward validation with a gap, from the case file to the folds that are trained."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from shop import run_yule
from variants import change, predictions, quick_shop, run

DAY_S = 86_400


def with_gap(folder: Path, gap: str, **validation: Any) -> Path:
    case = quick_shop(folder)
    fields = {"scheme": "forward", "folds": 3, "gap": gap, **validation}
    change(case, lambda found: found.update(validation=fields, explain={"importances": False}))
    return case


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Labels of five months that look 30 days ahead, learned from when they are 60 days old."""
    return run(with_gap(tmp_path_factory.mktemp("gap"), "60d"))


def test_the_resolved_case_has_the_gap(ran: dict[str, Any]) -> None:
    resolved = json.loads(Path(ran["paths"]["resolved"]).read_text(encoding="utf-8"))
    expected = {"kind": "forward", "folds": 3, "horizon_s": 30 * DAY_S, "gap_s": 60 * DAY_S}
    assert resolved["validation"] == expected


def test_each_fold_learns_from_rows_that_are_old_enough(ran: dict[str, Any]) -> None:
    cache = Path(ran["paths"]["run"]).parents[1] / "store" / "cache"
    (dealt,) = cache.glob("*/AssignFolds/*/files-*/*.parquet")
    table = pq.read_table(dealt)
    distance = [
        (end - start).days
        for end, start in zip(table["gap_end"].to_pylist(), table["as_of"].to_pylist(), strict=True)
    ]
    assert set(distance) == {60}
    found = {}
    for path in cache.glob("*/TrainFold/*/files-*/summary.json"):
        summary = json.loads(path.read_text(encoding="utf-8"))
        learned = summary["training_rows"] + summary["inner_rows"]
        found[summary["fold"]] = (learned, summary["purged_rows"])
    # 240 customers a month: the month before each validation is left out, though it was settled.
    assert found == {0: (240, 240), 1: (480, 240), 2: (720, 240)}
    assert predictions(ran).num_rows > 0


@pytest.mark.parametrize(
    ("gap", "scheme", "message"),
    [
        ("29d", "forward", "The gap is 29 days, and labels look 30 days ahead"),
        ("60d", "grouped", "A grouped scheme pays no regard to time, and has no gap"),
        ("60m", "forward", "write a number and a unit of h, d or w, as in 60d"),
    ],
)
def test_a_gap_that_cannot_be_is_refused_with_its_line(
    gap: str, scheme: str, message: str, tmp_path: Path
) -> None:
    refused = run_yule("validate", with_gap(tmp_path, gap, scheme=scheme))
    told = " ".join(refused.stderr.split())
    assert refused.returncode == 2, told
    assert "`validation.gap`" in told
    assert message in told
