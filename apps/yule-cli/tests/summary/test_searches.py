import html
from dataclasses import replace

from yule_cli.report import ReportInputs, render_report
from yule_cli.summary import ModelSearch, RunSummary, to_json
from yule_cli.summary.searches import search_remarks, search_rows


def trial(number: int, leaves: int, loss: float | None) -> dict[str, object]:
    failure = None if loss is not None else "It diverged."
    return {"number": number, "params": {"leaves": leaves}, "loss": loss, "failure": failure}


SEARCH = ModelSearch.of(
    "tuned",
    {
        0: {"chosen": 1, "trials": [trial(0, 8, 0.9), trial(1, 4, 0.8), trial(2, 99, None)]},
        1: {"chosen": 0, "trials": [trial(0, 8, 0.7), trial(1, 4, 0.75), trial(2, 9, 0.71)]},
    },
)


def test_what_a_search_gained_and_chose_is_told() -> None:
    assert list(search_remarks([SEARCH])) == [
        (
            "tuned",
            "3 trials on each of 2 folds lowered the loss of the defaults from 0.8000 to 0.7500 of "
            "a constant's, on rows set aside within the folds' training, and the defaults stayed "
            "on 1 of them. Chosen: leaves 4 to 8.",
        )
    ]


def test_a_search_that_gained_nothing_says_so() -> None:
    search = ModelSearch.of("tuned", {0: {"chosen": 0, "trials": [trial(0, 8, 0.9)]}})
    assert list(search_remarks([search])) == [
        (
            "tuned",
            "1 trial on each of 1 fold found nothing that beats the defaults by more than luck "
            "would. Chosen: leaves 8.",
        )
    ]


def test_the_table_has_the_best_of_each_fold_first_and_failures_last() -> None:
    assert search_rows(SEARCH) == [
        ("0", "1", "0.8000", "leaves 4", "chosen"),
        ("0", "0", "0.9000", "leaves 8", ""),
        ("0", "2", "", "leaves 99", "It diverged."),
        ("1", "0", "0.7000", "leaves 8", "chosen"),
        ("1", "2", "0.7100", "leaves 9", ""),
        ("1", "1", "0.7500", "leaves 4", ""),
    ]


def test_report_and_json_have_all_trials(summary: RunSummary) -> None:
    searched = replace(summary, searches=(SEARCH,))
    found = to_json(searched)["searches"]["tuned"]["trials"]
    assert len(found) == 6
    assert found[1] == {
        "fold": 0,
        "number": 1,
        "params": {"leaves": 4},
        "loss": 0.8,
        "failure": None,
        "is_chosen": True,
    }
    inputs = ReportInputs(summary=searched, metrics={}, importances={}, scores={})
    page = html.unescape(render_report(inputs))
    assert '<a href="#searches">Searches</a>' in page
    assert "lowered the loss of the defaults from 0.8000 to 0.7500" in page
    assert page.count(">leaves ") == 6
    without = ReportInputs(summary=summary, metrics={}, importances={}, scores={})
    assert "#searches" not in render_report(without)
