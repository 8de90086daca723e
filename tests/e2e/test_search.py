"""A model whose parameters are searched, from the case file to the report."""

import html
from pathlib import Path
from typing import Any

import pytest
from variants import change, prediction_bytes, predictions, quick_shop, run

TRIALS = 9


def searched(folder: Path, trials: int = TRIALS) -> Path:
    case = quick_shop(folder)

    def edit(fields: dict[str, Any]) -> None:
        search = {"trials": trials, "ranges": {"num_leaves": [3, 12]}}
        fields["models"] = [
            {"name": "tuned", "kind": "gbdt", "params": {"rounds": 10}, "search": search}
        ]
        fields["baselines"] = ["constant"]
        fields["explain"] = {"importances": False}

    change(case, edit)
    return case


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return searched(tmp_path_factory.mktemp("searched"))


@pytest.fixture(scope="module")
def ran(case: Path) -> dict[str, Any]:
    return run(case)


def test_each_fold_searches_for_itself_and_all_trials_are_told(ran: dict[str, Any]) -> None:
    trials = ran["searches"]["tuned"]["trials"]
    folds = sorted({trial["fold"] for trial in trials})
    assert ran["stages"]["search"]["computed"] == len(trials) == TRIALS * len(folds)
    for fold in folds:
        own = [trial for trial in trials if trial["fold"] == fold]
        (chosen,) = (trial for trial in own if trial["is_chosen"])
        (defaults,) = (trial for trial in own if trial["number"] == 0)
        assert chosen["loss"] <= defaults["loss"]
        assert all(3 <= trial["params"]["num_leaves"] <= 12 for trial in own)
        assert "rounds" not in chosen["params"]
    assert predictions(ran).num_rows > 0
    page = html.unescape(Path(ran["paths"]["report"]).read_text(encoding="utf-8"))
    assert f"{TRIALS} trials on each of" in page


def test_a_longer_search_computes_the_further_trials_alone(
    case: Path, ran: dict[str, Any], tmp_path: Path
) -> None:
    first = ran["searches"]["tuned"]["trials"]

    def longer(fields: dict[str, Any]) -> None:
        fields["models"][0]["search"]["trials"] = TRIALS + 1

    change(case, longer)
    again = run(case)
    folds = {trial["fold"] for trial in first}
    assert again["stages"]["search"]["computed"] == len(folds)
    assert again["stages"]["search"]["reused"] == len(first)
    found = again["searches"]["tuned"]["trials"]
    kept = [{**t, "is_chosen": None} for t in found if t["number"] < TRIALS]
    assert kept == [{**t, "is_chosen": None} for t in first]

    # From nothing, elsewhere, the same.
    fresh = run(searched(tmp_path, TRIALS + 1))
    assert fresh["searches"] == again["searches"]
    assert prediction_bytes(fresh) == prediction_bytes(again)
