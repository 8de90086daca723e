"""Which preset a deadline chooses, on a real case, with clocks that are made up."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from yule_cli.config import load_case
from yule_cli.deadline import DeadlineResolving, check_deadline, parse_deadline
from yule_cli.errors import CaseError
from yule_cli.resolution import ResolvedCase, resolve
from yule_cli.state import State
from yule_models.effort import Effort

SLOW_NETWORKS = {"tabm": 100.0, "gbdt": 1.0}
"""Seconds of a fit; of TabM with all its members twice as many."""


def measure(model: Mapping[str, Any], **_: Any) -> Effort:
    seconds = SLOW_NETWORKS.get(model["kind"], 0.0) * model["params"].get("members", 16) / 16
    return Effort(start_s=seconds, row_s=0.0, predict_s=0.0)


def resolved(
    path: Path,
    deadline_s: int,
    said: list[str] | None = None,
    measuring: Callable[..., Effort] = measure,
) -> ResolvedCase:
    case, document = load_case(path)
    told = [] if said is None else said
    resolving = DeadlineResolving(deadline_s=deadline_s, say=told.append, measure=measuring)
    return resolving(case, document, State.of(case, document))


def edit(path: Path, line: str) -> None:
    path.write_text(path.read_text() + line)


def names(found: ResolvedCase) -> set[str]:
    return {model["name"] for model in found.models if model["candidate"]}


def test_the_richest_preset_in_time_is_chosen_and_recorded(case: Path) -> None:
    said: list[str] = []
    rich = resolved(case, 3600, said)
    assert names(rich) == {"gbdt", "gbdt-one-hot", "gbdt-2", "linear", "tabm"}
    assert rich.deadline is not None
    assert rich.deadline["preset"] == "best"
    assert rich.deadline["deadline_s"] == 3600
    fast, balanced, best = rich.deadline["forecast_s"].values()
    assert fast < balanced < best
    assert "Chosen: best, the richest with 1.5 times its forecast in time." in said[0]
    assert "24 labelled rows of" in said[0]

    middle = resolved(case, int(balanced * 1.5) + 1, said)
    assert names(middle) == {"gbdt", "gbdt-one-hot", "linear", "tabm"}
    assert middle.deadline is not None
    assert middle.deadline["preset"] == "balanced"
    # Not quite one and a half times the forecast: then it is not sure to end in time.
    assert names(resolved(case, int(balanced * 1.5) - 1)) == {"gbdt", "linear"}


def test_a_busy_machine_makes_forecasts_longer_and_is_named(case: Path) -> None:
    said: list[str] = []
    quiet = resolved(case, 3600, said).deadline

    def slowly(model: Mapping[str, Any], **_: Any) -> Effort:
        return replace(measure(model), cpu_s=1.0, wall_s=3.0)

    busy = resolved(case, 36_000, said, measuring=slowly).deadline
    assert quiet is not None
    assert busy is not None
    assert busy["forecast_s"]["best"] == pytest.approx(3 * quiet["forecast_s"]["best"], rel=0.01)
    assert "others" not in said[0]
    assert "on a machine that others make 3.0 times slower: fast" in said[1]


def test_the_choice_is_that_of_a_case_that_names_the_preset(case: Path, tmp_path: Path) -> None:
    """Why a preset was chosen changes no result, and no identity."""
    chosen = resolved(case, 3600)
    edit(case, "models: best\n")
    loaded, document = load_case(case)
    named = resolve(loaded, document, State.of(loaded, document))
    assert chosen.models == named.models
    assert chosen.digest == named.digest
    assert named.deadline is None
    chosen.write(tmp_path / "resolved.json")
    assert ResolvedCase.read(tmp_path / "resolved.json") == chosen


def test_a_resolved_case_of_before_is_read(case: Path, tmp_path: Path) -> None:
    loaded, document = load_case(case)
    fields = resolve(loaded, document, State.of(loaded, document)).as_dict()
    del fields["deadline"]
    path = tmp_path / "resolved.json"
    path.write_text(json.dumps(fields))
    assert ResolvedCase.read(path).deadline is None


def test_the_preset_that_a_case_names_is_the_most_that_is_chosen(case: Path) -> None:
    edit(case, "models: balanced\n")
    found = resolved(case, 36_000)
    assert found.deadline is not None
    assert found.deadline["preset"] == "balanced"
    assert set(found.deadline["forecast_s"]) == {"fast", "balanced"}


def test_a_deadline_that_nothing_meets_is_refused_with_figures(case: Path) -> None:
    with pytest.raises(CaseError, match=r"No preset is sure to end in 5\.0 s\. .*fast \d+ s, "):
        resolved(case, 5)


def test_what_lists_its_models_has_nothing_to_choose(case: Path) -> None:
    edit(case, "models: [{name: a, kind: gbdt}]\n")
    loaded, document = load_case(case)
    expected = r"case\.yaml:11: `models` lists the models, so that --deadline has no preset"
    with pytest.raises(CaseError, match=expected):
        check_deadline(loaded, document)


def test_of_a_cluster_nothing_is_foretold(case: Path) -> None:
    pool = {"name": "small", "cpu": 2, "memory_gib": 8}
    cluster = {"image": f"registry.example/yule@sha256:{'a' * 64}", "pools": [pool]}
    edit(case, f"run: {json.dumps({'on': 'kubernetes', 'cluster': cluster})}\n")
    loaded, document = load_case(case)
    with pytest.raises(CaseError, match=r"case\.yaml:11: `run\.on` is `kubernetes`, and how many"):
        check_deadline(loaded, document)


@pytest.mark.parametrize("text", ["30", "m", "0m", "1.5h", "-3m", "2d", ""])
def test_what_is_no_deadline_is_refused(text: str) -> None:
    with pytest.raises(CaseError, match="--deadline is not valid: write a number of seconds"):
        parse_deadline(text)
