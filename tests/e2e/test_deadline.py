"""A deadline, from the command line to the run's files, with the machine's own clock."""

import json
from pathlib import Path
from typing import Any

import pytest
from shop import run_yule
from variants import change, quick_shop


def undecided(folder: Path, models: str | None = "fast") -> Path:
    """The shop with a preset, or without models."""
    case = quick_shop(folder)

    def edit(fields: dict[str, Any]) -> None:
        del fields["models"]
        if models is not None:
            fields["models"] = models
        fields["baselines"] = ["constant"]

    change(case, edit)
    return case


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return undecided(tmp_path_factory.mktemp("deadline"))


def test_the_choice_is_told_recorded_and_not_made_again_by_a_repetition(case: Path) -> None:
    ran = run_yule("run", case, "--deadline", "1h", "--json")
    assert ran.returncode == 0, ran.stderr
    told = " ".join(ran.stderr.split())
    assert "A deadline of 1 h 0 min. About what each preset would take here, for 1,200" in told
    assert "Chosen: fast," in told
    summary = json.loads(ran.stdout)
    resolved = json.loads(Path(summary["paths"]["resolved"]).read_text(encoding="utf-8"))
    assert resolved["deadline"]["preset"] == "fast"
    assert resolved["deadline"]["deadline_s"] == 3600
    assert [model["name"] for model in resolved["models"]] == ["constant", "gbdt", "linear"]
    # A busy machine may take longer than a quiet one, but no five times as long.
    assert summary["seconds"] < 5 * resolved["deadline"]["forecast_s"]["fast"]

    again = run_yule("repeat", summary["paths"]["run"], "--json")
    assert again.returncode == 0, again.stderr
    assert "deadline" not in again.stderr
    repeated = json.loads(again.stdout)
    assert repeated["predictions_digest"] == summary["predictions_digest"]
    stages = repeated["stages"]
    assert stages["training"] == {**stages["training"], "computed": 0}


def test_validate_says_what_each_preset_would_take(tmp_path: Path) -> None:
    found = run_yule("validate", undecided(tmp_path, None), "--deadline", "10h")
    assert found.returncode == 0, found.stderr
    told = " ".join(found.stderr.split())
    assert ": fast " in told
    assert ", balanced " in told
    assert "Chosen: best," in told
    assert "6 models on" in found.stdout


@pytest.mark.parametrize(
    ("deadline", "message"),
    [
        ("1s", "No preset is sure to end in 1.0 s."),
        ("soon", "--deadline is not valid: write a number of seconds, minutes or hours"),
    ],
)
def test_what_cannot_be_kept_is_refused(case: Path, deadline: str, message: str) -> None:
    refused = run_yule("run", case, "--deadline", deadline)
    assert refused.returncode == 2, refused.stderr
    assert message in " ".join(refused.stderr.split())


def test_a_list_of_models_leaves_nothing_to_choose(tmp_path: Path) -> None:
    refused = run_yule("run", quick_shop(tmp_path), "--deadline", "1h")
    assert refused.returncode == 2, refused.stderr
    assert "`models` lists the models, so that --deadline has no preset to choose" in (
        " ".join(refused.stderr.split())
    )
