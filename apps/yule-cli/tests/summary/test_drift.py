from dataclasses import replace
from typing import Any

from yule_cli.summary import Drift, RunSummary
from yule_cli.summary.drift import DRIFT_HEADS, drift_lead, drift_remark, drift_rows
from yule_cli.tracking.entry import metrics_of

STORED: dict[str, Any] = {
    "auc": 0.934,
    "usual_auc": 0.612,
    "rows": {"training": 800, "population": 600},
    "drifted": ["visits.recency", "people.city"],
    "is_apart": False,
    "features": [
        {
            "feature": "visits.recency",
            "distance": 0.8,
            "usual_distance": 0.1,
            "training": {"typical": 2.5, "missing": 0.01},
            "population": {"typical": 40.0, "missing": 0.02},
        },
        {
            "feature": "people.city",
            "distance": 0.6,
            "usual_distance": None,
            "training": {"typical": "Rome", "missing": 0.0},
            "population": {"typical": None, "missing": 1.0},
        },
    ],
}


def test_the_remark_names_what_moved_and_how() -> None:
    assert drift_remark(Drift.of(STORED)) == (
        "2 features are not as in the latest training rows: visits.recency (typically 40, and "
        "2.500 there); people.city (missing in 100% of rows, and in 0% of training). Scores may be "
        "less sure than validation says."
    )


def test_a_long_list_is_cut_short() -> None:
    found = Drift.of(STORED | {"drifted": ["visits.recency", *(f"f{n}" for n in range(20))]})

    remark = drift_remark(found)

    assert remark is not None
    assert remark.startswith("21 features are not as in")
    assert "there); and 20 more. Scores" in remark


def test_nothing_is_said_where_nothing_moved() -> None:
    assert drift_remark(None) is None
    assert drift_remark(Drift.of(STORED | {"drifted": []})) is None


def test_rows_that_are_told_apart_by_many_features_are_remarked_upon() -> None:
    found = Drift.of(STORED | {"drifted": [], "is_apart": True})

    assert drift_remark(found) == (
        "A model tells the rows to score from the latest training rows with an AUC of 0.934, and "
        "successive training rows with 0.612, though no feature has moved far by itself: "
        "visits.recency (typically 40, and 2.500 there) and people.city (missing in 100% of rows, "
        "and in 0% of training) most. Scores may be less sure than validation says."
    )
    alone = drift_remark(replace(found, usual_auc=None))
    assert alone is not None
    assert "with an AUC of 0.934, though no feature" in alone


def test_the_table_shows_both_sides() -> None:
    found = drift_rows(Drift.of(STORED))

    assert found == [
        ("visits.recency", "80%", "10%", "2.500", "1%", "40", "2%"),
        ("people.city", "60%", "–", "Rome", "0%", "–", "100%"),
    ]
    assert {len(row) for row in found} == {len(DRIFT_HEADS)}
    lead = drift_lead(Drift.of(STORED))
    assert "an AUC of 0.934, and successive training rows by 0.612" in lead
    assert "and successive" not in drift_lead(Drift.of(STORED | {"usual_auc": None}))


def test_mlflow_can_compare_it(summary: RunSummary) -> None:
    found = {m.name: m.value for m in metrics_of(replace(summary, drift=Drift.of(STORED)))}

    assert (found["drift/features"], found["drift/auc"]) == (2, 0.934)
