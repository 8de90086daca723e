import sys
from pathlib import Path

import pytest
from resolving import problem, resolved
from yule_cli.graph import compose
from yule_models import TrainSearchedFold


def searching(case: Path, search: str, *, kind: str = "gbdt", params: str = "{}") -> Path:
    models = f"models:\n- {{name: tuned, kind: {kind}, params: {params}, search: {search}}}\n"
    case.write_text(f"{case.read_text()}baselines: []\n{models}")
    return case


def test_a_search_is_resolved_with_every_range(case: Path) -> None:
    searching(case, "{trials: 3, ranges: {num_leaves: [4, 16]}}", params="{learning_rate: 0.05}")
    (model,) = resolved(case).models
    assert model["search"]["trials"] == 3
    assert model["search"]["space"]["num_leaves"] == {"low": 4, "high": 16, "log": True}
    assert "learning_rate" not in model["search"]["space"]
    assert model["params"]["learning_rate"] == 0.05


def test_a_model_without_a_search_is_as_it_was(case: Path) -> None:
    assert all(set(m) == {"name", "kind", "params", "candidate"} for m in resolved(case).models)


def test_trials_come_before_the_fit_of_their_fold(case: Path) -> None:
    graph = compose(resolved(searching(case, "{trials: 13}")))
    (fit,) = graph.fits.values()
    assert isinstance(fit, TrainSearchedFold)
    assert [len(trial.earlier) for trial in fit.trials] == [0] * 8 + [8] * 4 + [12]
    assert all(trial.fold == fit.fold for trial in fit.trials)


def test_more_trials_keep_those_before(case: Path) -> None:
    searching(case, "{trials: 9}")
    (shorter,) = compose(resolved(case)).fits.values()
    case.write_text(case.read_text().replace("trials: 9", "trials: 12"))
    (longer,) = compose(resolved(case)).fits.values()
    assert isinstance(shorter, TrainSearchedFold)
    assert isinstance(longer, TrainSearchedFold)
    assert longer.trials[:9] == shorter.trials


@pytest.mark.parametrize(
    ("search", "kind", "message"),
    [
        ("{trials: 0}", "gbdt", "`models[0].search.trials` is not valid: input should be greater"),
        (
            "{trials: 1.5}",
            "gbdt",
            "`models[0].search.trials` is not valid: input should be a valid",
        ),
        ("{}", "gbdt", "`models[0].search.trials` is missing; it says: How many parameters"),
        ("{trials: 2, seconds: 9}", "gbdt", "`models[0].search.seconds` is not a field of a case."),
        (
            "{trials: 2}",
            "constant",
            "`models[0].search` cannot be used: The kind 'constant' has no",
        ),
        (
            "{trials: 2, ranges: {num_leafs: [4, 8]}}",
            "gbdt",
            "`models[0].search.ranges.num_leafs` cannot be used: A search over the kind 'gbdt' "
            "tries no parameter 'num_leafs'; did you mean 'num_leaves'?",
        ),
        (
            "{trials: 2, ranges: {num_leaves: [8, 4]}}",
            "gbdt",
            "`models[0].search.ranges.num_leaves` cannot be used: The range of 'num_leaves' must "
            "rise, got [8, 4]",
        ),
    ],
)
def test_impossible_searches_are_refused(case: Path, search: str, kind: str, message: str) -> None:
    found = problem(searching(case, search, kind=kind))
    assert message in found
    assert "case.yaml:" in found


def test_every_impossible_range_is_told_at_once(case: Path) -> None:
    found = problem(searching(case, "{trials: 2, ranges: {a: [1, 2], num_leaves: [9]}}"))
    assert "ranges.a` cannot" in found
    assert "ranges.num_leaves` cannot" in found


def test_what_is_fixed_cannot_be_searched_too(case: Path) -> None:
    search = "{trials: 2, ranges: {num_leaves: [4, 8]}}"
    found = problem(searching(case, search, params="{num_leaves: 4}"))
    assert "'num_leaves' has a value in `params`, which fixes it, and a range" in found


def test_an_unknown_kind_is_told_once(case: Path) -> None:
    found = problem(searching(case, "{trials: 2}", kind="gbtd"))
    assert found.count("did you mean 'gbdt'") == 1


def test_a_missing_library_is_named(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    found = problem(searching(case, "{trials: 2}"))
    assert (
        "A search needs Optuna, which is not installed: pip install 'yule-models[search]'" in found
    )
