"""What is tried next: the same for the same trials, and better than chance."""

import logging
import math
import sys
from typing import Any

import pytest
from yule_models.errors import MissingLibraryError
from yule_models.search import check_sampler, search_space
from yule_models.search.sampling import suggest

SPACE = search_space(
    "gbdt", ranges={"num_leaves": [4, 128]}, fixed={"lambda_l2", "min_data_in_leaf"}
)


def loss(params: dict[str, Any]) -> float:
    """Least at 16 leaves and a rate of 0.02."""
    rate, leaves = params["learning_rate"], params["num_leaves"]
    return math.log(rate / 0.02) ** 2 + math.log(leaves / 16) ** 2


def searched(seed: int, trials: int, *, learns: bool = True) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number in range(trials):
        params = suggest(SPACE, found if learns else [], seed=1000 * seed + number, random_trials=8)
        found.append({"params": params, "loss": loss(params)})
    return found


def test_the_same_trials_lead_to_the_same_next_one() -> None:
    assert searched(3, 12) == searched(3, 12)
    assert searched(3, 12) != searched(4, 12)


def test_values_are_of_four_digits_and_within_their_ranges() -> None:
    for trial in searched(0, 12):
        assert list(trial["params"]) == list(SPACE)
        for name, value in trial["params"].items():
            known = SPACE[name]
            assert known["low"] <= value <= known["high"]
            assert value == float(f"{value:.4g}")
            assert type(value) is type(known["low"])


def test_learning_from_trials_beats_drawing_at_random() -> None:
    learned = [min(trial["loss"] for trial in searched(seed, 24)[8:]) for seed in range(5)]
    drawn = [
        min(trial["loss"] for trial in searched(seed, 24, learns=False)[8:]) for seed in range(5)
    ]
    assert sum(learned) < sum(drawn)


def test_failed_trials_are_left_aside() -> None:
    done = searched(1, 10)
    failed = [{"params": done[0]["params"], "loss": None}]
    again = suggest(SPACE, [*done, *failed], seed=5, random_trials=8)
    assert again == suggest(SPACE, done, seed=5, random_trials=8)


def test_nothing_is_written_and_optuna_speaks_as_before(capfd: pytest.CaptureFixture[str]) -> None:
    import optuna

    level = optuna.logging.get_verbosity()
    suggest(SPACE, [], seed=0, random_trials=8)
    assert optuna.logging.get_verbosity() == level == logging.INFO
    assert capfd.readouterr() == ("", "")


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(MissingLibraryError, match=r"pip install 'yule-models\[search\]'"):
        check_sampler()
