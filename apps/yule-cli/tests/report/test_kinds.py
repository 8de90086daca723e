"""Targets of several classes, and of numbers: what their part of the page says and draws."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from yule_cli.report import ReportInputs, render_report
from yule_cli.summary import Contacts, RunSummary, target_scores
from yule_models import Target
from yule_models.metrics import evaluate, summarise_folds, target_curves

PLAN = Target(name="plan", kind="multiclass", classes=("basic", "<pro>", "プラス"))
SPEND = Target(name="spend", kind="regression")
ROWS = 300


def predicted(target: Target) -> tuple[np.ndarray, np.ndarray]:
    """Labels, and predictions of them that know something."""
    random = np.random.default_rng(0)
    if target.kind == "regression":
        spend = random.gamma(2, 5000, ROWS)
        return spend, (0.5 * spend + 4000)[:, None]
    labels = random.integers(0, target.outputs, ROWS)
    scores = random.random((ROWS, target.outputs)) + np.eye(target.outputs)[labels]
    return labels.astype(float), scores / scores.sum(axis=1)[:, None]


def page(inputs: ReportInputs, target: Target, **combination: Any) -> str:
    labels, predictions = predicted(target)
    folds = [
        {"fold": n, "rows": 150, **evaluate(target, labels[n::2], predictions[n::2])}
        for n in range(2)
    ]
    scores = {"folds": folds, **summarise_folds(folds)}
    combined = {"method": "stacking", "calibration": "isotonic", "interval": None}
    combined |= {"weights": {"gbdt": 1.0, "deep": 0.0}, "dropped": {"deep": "it adds nothing"}}
    found = {"kind": target.kind, "models": {"gbdt": scores}}
    found["ensemble"] = {**scores, **combined, **combination}
    metrics = {"targets": {target.name: found}}
    return render_report(
        replace(
            inputs,
            summary=replace(inputs.summary, targets=target_scores(metrics), leaks={}),
            metrics={"curves": {target.name: target_curves(target, labels, predictions)}},
            scores={target.name: predictions},
        )
    )


def test_classes_are_ranked_confused_and_listed(inputs: ReportInputs) -> None:
    text = page(inputs, PLAN)

    for expected in (
        "Macro AUC",
        "of rows have the class that is predicted as most probable",
        "Each class, ranked",
        "Classes of the population",
        "Confusion of 3 classes; rows whose class is the most probable: basic",
        "Class by class",
        "プラス",
        "&lt;pro&gt;",
        "Ensemble: regularised stacking, with isotonic calibration.",
        "Left out: deep; it adds nothing.",
    ):
        assert expected in text
    assert "<pro>" not in text
    assert "Lift in the top" not in text


def test_of_many_classes_the_most_frequent_are_drawn(inputs: ReportInputs) -> None:
    text = page(inputs, Target(name="plan", kind="multiclass", classes=tuple(range(40))))

    assert "The 30 most frequent classes." in text
    assert "Confusion of" not in text
    assert text.count('<th scope="row">39</th>') == 1


def test_numbers_are_held_against_outcomes(inputs: ReportInputs) -> None:
    interval = {
        "level": 0.9,
        "coverage": 0.884,
        "mean_width": 15_000.0,
        "rows": 900,
        "least_rows": 19,
    }

    text = page(inputs, SPEND, interval=interval, calibration="none")

    for expected in (
        "Predicted against actual",
        "Actual over predicted values in 20 bins",
        "Residuals",
        "Errors of 300 predictions",
        "of the total found",
        "In the 90% interval",
        "88.4%",
        "it is 15,000 wide in the mean",
        "R²",
        "Predictions of the population",
    ):
        assert expected in text
    assert "AUC" not in text


@pytest.mark.parametrize("target", [PLAN, SPEND], ids=lambda target: target.name)
def test_the_same_inputs_give_the_same_bytes(inputs: ReportInputs, target: Target) -> None:
    interval = {"level": 0.9, "coverage": 0.9, "mean_width": 1.0, "rows": 900, "least_rows": 19}
    assert page(inputs, target, interval=interval) == page(inputs, target, interval=interval)


def test_a_plan_of_contacts_is_told(inputs: ReportInputs, contacts: Contacts) -> None:
    told = replace(inputs, summary=replace(inputs.summary, contacts={"purchased": contacts}))

    text = render_report(told)

    assert "contact the 120 rows of 4,338 with a score above 0.05" in text
    assert "Lift, validated" in text


def test_without_prices_the_page_says_how_to_get_a_cut(
    inputs: ReportInputs, contacts: Contacts, summary: RunSummary
) -> None:
    free = replace(summary, contacts={"purchased": replace(contacts, plan=None)})

    assert "a cut is recommended here" in render_report(replace(inputs, summary=free))
