from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from yule_cli.report import ReportInputs
from yule_cli.report.page import render_report
from yule_cli.summary import (
    RunSummary,
    TargetExplanation,
    print_summary,
    removed_features,
    to_json,
)
from yule_cli.tracking.entry import metrics_of

MANY = {f"f{number}": float(-number) for number in range(30)}
FOUND = {
    "loss": "log_loss",
    "unit": "log-odds",
    "ensemble": {
        "permutation": {
            "people.age": -0.01,
            "purchases.30d.count": 0.2,
            "a [b]": 0.1,
            "dice": 0.09,
            "one fold": 0.08,
        },
        "permutation_error": {
            "people.age": 0.01,
            "purchases.30d.count": 0.02,
            "a [b]": 0.049,
            "dice": 0.05,
        },
        "shap": {"purchases.30d.count": 1.5, "people.age": 0.5},
        "gain": {"purchases.30d.count": 1.0},
    },
    "models": {
        "gbdt": {
            "permutation": MANY,
            "permutation_error": dict.fromkeys(MANY, 0.1),
            "shap": {"people.age": 0.0},
            "gain": {},
        }
    },
}
SELECTIONS: list[dict[str, Any]] = [
    {"removed": [{"step": "missing", "features": {"people.shoe": "missing in 99.0%"}}]},
    {
        "removed": [
            {"step": "missing", "features": {"people.shoe": "missing in 98.0%"}},
            {"step": "same", "features": {f"x{n}": "the same value" for n in range(7)}},
        ]
    },
]


@pytest.fixture
def explained(summary: RunSummary) -> RunSummary:
    return replace(
        summary,
        explanation={"purchased": TargetExplanation.of(FOUND)},
        removed=removed_features(SELECTIONS),
    )


def test_the_first_twenty_are_kept_in_order(explained: RunSummary) -> None:
    found = to_json(explained)["explanation"]["purchased"]
    assert list(found["models"]["gbdt"]["permutation"]) == [f"f{number}" for number in range(20)]
    assert set(found["models"]["gbdt"]["permutation_error"]) == {f"f{n}" for n in range(20)}
    assert list(found["ensemble"]["permutation"]) == [
        "purchases.30d.count",
        "a [b]",
        "dice",
        "one fold",
        "people.age",
    ]


def test_what_chance_may_raise_is_not_named(explained: RunSummary) -> None:
    leading = explained.explanation["purchased"].leading
    assert leading == ("purchases.30d.count", "a [b]", "one fold")


def test_a_feature_that_folds_left_out_is_told_once(explained: RunSummary) -> None:
    removed = to_json(explained)["removed_features"]
    assert removed[0] == {
        "feature": "people.shoe",
        "step": "missing",
        "folds": (0, 1),
        "reason": "missing in 99.0%",
    }
    assert [entry["folds"] for entry in removed[1:]] == [(1,)] * 7


def test_a_person_reads_it(explained: RunSummary, tmp_path: Path) -> None:
    with (tmp_path / "out.txt").open("w+", encoding="utf-8") as file:
        print_summary(explained, Console(file=file, width=120), relative_to=Path("/"))
        file.seek(0)
        text = file.read()
    assert "What the scores go by most\npurchased  purchases.30d.count, a [b], one fold\n" in text
    assert "missing  1 mostly missing: people.shoe" in text
    assert "same     7 nearly constant: x0, x1, x2, x3, x4 and 2 more" in text


def test_the_page_draws_what_there_is(explained: RunSummary) -> None:
    page = render_report(
        ReportInputs(summary=explained, metrics={}, importances={}, scores={}, resolved={})
    )
    assert page.count("<summary>purchased: ensemble, ") == 2
    assert "0.2 ± 0.02" in page
    assert "0.09 ± 0.05" in page
    assert "0.08</td>" in page
    assert "purchased: gbdt" not in page  # nothing of it is above 0
    assert "people.shoe" in page


def test_mlflow_can_compare_importances(explained: RunSummary) -> None:
    found = {metric.name: metric.value for metric in metrics_of(explained)}
    assert found["purchased/ensemble/permutation/purchases.30d.count"] == 0.2
    assert found["purchased/ensemble/permutation/a _b_"] == 0.1
