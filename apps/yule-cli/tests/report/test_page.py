import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mushroom import LateColumn
from yule_cli.report import ReportInputs, render_report, write_report
from yule_cli.report.importances import Bar, importance_lists
from yule_cli.summary import (
    FeatureScore,
    RunSummary,
    TargetLeaks,
    target_scores,
)

HOSTILE = "<script>alert(1)</script>"


class Page(HTMLParser):
    """Collects elements and checks that they nest."""

    VOID = frozenset({"meta", "br", "link", "img", "path", "use", "rect", "circle"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self._open.pop() == tag


def test_nothing_is_fetched_or_run(inputs: ReportInputs) -> None:
    text = render_report(inputs)
    page = Page(text)

    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.elements}
    for _, attributes in page.elements:
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)


def test_links_and_ids_agree(inputs: ReportInputs) -> None:
    page = Page(render_report(inputs))

    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        link = attributes.get("href") or attributes.get("xlink:href")
        assert link is None or link[1:] in ids


def test_the_same_inputs_give_the_same_bytes(inputs: ReportInputs, tmp_path: Path) -> None:
    write_report(inputs, tmp_path / "one.html")
    write_report(inputs, tmp_path / "two.html")

    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_every_plot_is_described(inputs: ReportInputs) -> None:
    page = Page(render_report(inputs))

    plots = [attributes for tag, attributes in page.elements if tag == "svg"]
    assert len(plots) == 6
    for attributes in plots:
        assert attributes["role"] == "img"
        assert len(attributes["aria-label"] or "") > 20


def test_a_feature_has_a_bar_as_long_as_it_is_important(inputs: ReportInputs) -> None:
    shares = {f"feature {number}": float(22 - number) for number in range(22)}
    found = importance_lists(replace(inputs, importances={"models": {"gbdt": shares}}))

    (listed,) = (entry for entry in found if entry.title == "gbdt, by its own account")
    assert listed.bars[0] == Bar(name="feature 0", value="2200.0%", length=1.0)
    assert listed.bars[11].length == 0.5
    assert (len(listed.bars), listed.left_out) == (20, 2)
    assert "2 more features are not shown." in render_report(
        replace(inputs, importances={"models": {"gbdt": shares}})
    )


def test_what_people_ask_for_is_there(inputs: ReportInputs) -> None:
    text = render_report(inputs)

    for expected in (
        "4,338 rows scored",
        "0.820",
        "± 0.014",
        "6 tasks computed, 2 from the cache, which saved 1 min 30 s of work.",
        "git checkout c0ffee",
        "yule repeat /home/me/shop/.yule/runs/one",
        "with changes that were not committed",
        "d1d1d1",
        "sha256:ab",
        "12 of 1,200 rows: no table of the features knows the entity at that time.",
        "No value in any row: people.age, people.born, people.size and 1 more.",
        "models.gbdt.params.depth",
        "top 10%: 19% of positives",
        "← 0.500",
        "tensorboard --logdir /home/me/shop/.yule/runs/one/tensorboard",
    ):
        assert expected in text


def test_a_baseline_that_is_as_good_stands_under_the_figures(inputs: ReportInputs) -> None:
    target = inputs.summary.targets[0]
    constant = replace(target.models[-1], mean={"auc": 0.9}, name="constant", is_candidate=False)
    worse = replace(inputs.summary, targets=(replace(target, models=(constant,)),))

    assert "do not rely on the scores" in render_report(replace(inputs, summary=worse))
    assert "do not rely on the scores" not in render_report(inputs)


def test_without_a_suspect_the_features_alone_stand_among_the_features(
    inputs: ReportInputs,
) -> None:
    text = render_report(inputs)

    assert 'id="leaks"' not in text
    assert "No feature is suspected of a leak." in text
    assert "Suspected of a leak: none." in text


def test_suspected_leaks_come_first_and_are_drawn(
    inputs: ReportInputs, leaking: RunSummary
) -> None:
    text = render_report(replace(inputs, summary=leaking))

    Page(text)
    assert text.index('id="leaks"') < text.index('id="target-1"')
    assert "calls.duration, calls.minutes alone foretell far more than the rest" in text
    assert "Suspected of a leak: calls.duration, calls.minutes." in text
    assert text.count("var(--bad)") > render_report(inputs).count("var(--bad)")


def test_names_are_inert(inputs: ReportInputs, metrics: dict[str, Any]) -> None:
    found = metrics["targets"].pop("purchased")
    found["models"][HOSTILE] = found["models"].pop("neural")
    metrics["targets"][HOSTILE] = found
    summary = replace(
        inputs.summary, case=HOSTILE, error=HOSTILE, targets=target_scores(metrics), run_id=HOSTILE
    )
    ranking = tuple(FeatureScore(feature=HOSTILE, score=score) for score in (1.0, 0.6))
    hostile_leaks = TargetLeaks(
        kind="binary", features=20, ranking=ranking, suspects=(HOSTILE,), lead=0.4, margin=0.1
    )
    hostile = replace(
        inputs,
        summary=replace(
            summary,
            leaks={HOSTILE: hostile_leaks},
            late_columns=(LateColumn(name=HOSTILE, reason=HOSTILE),),
        ),
        metrics={**metrics, "curves": {HOSTILE: inputs.metrics["curves"]["purchased"]}},
        importances={"models": {HOSTILE: {HOSTILE: 1.0}}, "ensemble": {'"><b>$x$': 1.0}},
        scores={HOSTILE: np.array([[0.5]])},
        resolved={"source": {"snapshot": {HOSTILE: HOSTILE}}, HOSTILE: HOSTILE},
    )

    text = render_report(hostile)

    assert "<script" not in text
    assert "<b>" not in text
    Page(text)


@pytest.mark.parametrize(
    "scores", [np.array([]), np.array([np.nan]), np.array([0.3]), np.array([0.0, 1.0])]
)
def test_odd_scores_are_shown_too(inputs: ReportInputs, scores: Any) -> None:
    Page(render_report(replace(inputs, scores={"purchased": scores[:, None]})))


def test_a_run_without_results_has_a_report(inputs: ReportInputs, summary: RunSummary) -> None:
    failed = replace(summary, status="failed", targets=(), stages=(), rows_scored=None)

    text = render_report(ReportInputs(summary=failed, metrics={}, importances={}, scores={}))

    Page(text)
    assert "Nothing was computed." in text
