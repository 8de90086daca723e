"""Boosting that is interrupted and taken up again."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from yule_models.estimators import CurvePoint
from yule_models.estimators.gbdt import rounds
from yule_models.registry import make_estimator
from yule_models.targets import Target
from yule_models.testing import TARGETS, described_rows

ROWS, INNER = described_rows(1200, seed=1), described_rows(300, seed=2)
QUICK = {"rounds": 40, "learning_rate": 0.2, "patience": 8, "num_leaves": 8}
NOWHERE = 10**6


def fitted(
    folder: Path,
    checkpoint: Path | None,
    *,
    stop_at: tuple[int, int] = (NOWHERE, 0),
    target: Target = TARGETS[0],
    params: dict[str, Any],
) -> tuple[dict[str, bytes], list[tuple[int, dict[str, float]]]]:
    """Fit and save; return all files, and the curve. It is interrupted at a target's round."""
    model = make_estimator("gbdt", targets=[target], seed=3, threads=1, params=QUICK | params)
    told = []

    def note(point: CurvePoint) -> None:
        told.append((point.step, dict(point.values)))
        if point.seconds is not None and point.step == stop_at[0]:
            raise KeyboardInterrupt

    weights, inner_weights = (np.linspace(0.5, 2, len(r.labels)) for r in (ROWS, INNER))
    model.fit(
        ROWS.features,
        ROWS.labels,
        validation=(INNER.features, INNER.labels),
        sample_weight=weights,
        validation_weight=inner_weights,
        on_step=note,
        checkpoint=checkpoint,
    )
    folder.mkdir()
    model.save(folder)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}, told


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"bagging_freq": 5},
        {"bagging_freq": 0},
        {"bagging_fraction": 0.4},
        {"feature_fraction": 1.0},
        {"feature_fraction": 1.0, "bagging_fraction": 1.0},
        {"min_gain_to_split": 0.01, "crosses": 0},
        {"linear_tree": True},
        {"refit": False},
    ],
    ids=str,
)
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.kind)
def test_a_fit_that_is_interrupted_goes_on_to_the_same_bits(
    target: Target, params: dict[str, Any], tmp_path: Path
) -> None:
    whole = fitted(tmp_path / "whole", None, target=target, params=params)
    kept = tmp_path / "kept"
    for stop in (8, 12):
        with pytest.raises(KeyboardInterrupt):
            fitted(tmp_path / "no", kept, stop_at=(stop, 0), target=target, params=params)
    assert json.loads((kept / "boost-0.json").read_bytes())["rounds"] == stop - 1

    resumed = fitted(tmp_path / "resumed", kept, target=target, params=params)

    assert resumed[0] == whole[0]
    assert resumed[1] == whole[1]


@pytest.mark.parametrize("params", [{}, {"bagging_freq": 3}], ids=str)
def test_only_what_was_lost_is_boosted_again(
    params: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        fitted(tmp_path / "no", tmp_path / "kept", stop_at=(15, 0), params=params)
    begun = counting(monkeypatch)
    fitted(tmp_path / "yes", tmp_path / "kept", params=params)
    every = params.get("bagging_freq", 1)
    assert begun[0] == (14 - 5) // every * every


def test_a_refit_that_is_interrupted_boosts_only_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fitted(tmp_path / "whole", None, params={})
    kept = tmp_path / "kept"
    monkeypatch.setattr(rounds._Watch, "__call__", interrupted(rounds._Watch.__call__, after=11))
    with pytest.raises(KeyboardInterrupt):
        fitted(tmp_path / "no", kept, params={})
    monkeypatch.undo()
    assert json.loads((kept / "boost-0.json").read_bytes())["is_finished"]
    begun = counting(monkeypatch)
    assert fitted(tmp_path / "resumed", kept, params={}) == whole
    assert begun == [6]


def test_a_fit_that_is_killed_goes_on_from_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "_KEPT_EVERY_S", -1.0)
    whole = fitted(tmp_path / "whole", None, params={})
    kept = tmp_path / "kept"
    with pytest.raises(KeyboardInterrupt):
        fitted(tmp_path / "no", kept, stop_at=(9, 0), params={})
    first = json.loads((kept / "boost-0.json").read_bytes())
    assert (first["rounds"], len(first["losses"]), first["is_finished"]) == (8, 8, False)
    assert fitted(tmp_path / "resumed", kept, params={}) == whole


def test_other_trees_than_before_are_noticed_and_all_is_boosted_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = fitted(tmp_path / "whole", None, params={})
    kept = tmp_path / "kept"
    with pytest.raises(KeyboardInterrupt):
        fitted(tmp_path / "no", kept, stop_at=(16, 0), params={})
    path = kept / "boost-0.json"
    stored = json.loads(path.read_bytes())
    stored["text"] = stored["text"].replace("[feature_fraction_seed: ", "[feature_fraction_seed: 1")
    path.write_text(json.dumps(stored))
    with caplog.at_level(logging.WARNING):
        resumed = fitted(tmp_path / "resumed", kept, params={})
    assert "the fit starts anew" in caplog.text
    assert resumed[0] == whole[0]


def test_stopping_earlier_than_before_is_noticed_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = fitted(tmp_path / "whole", None, params={})
    kept = tmp_path / "kept"
    with pytest.raises(KeyboardInterrupt):
        fitted(tmp_path / "no", kept, stop_at=(16, 0), params={})
    path = kept / "boost-0.json"
    stored = json.loads(path.read_bytes())
    stored["losses"] = [0.0, *stored["losses"][1:]]  # no later round is better
    path.write_text(json.dumps(stored))
    resumed = fitted(tmp_path / "resumed", kept, params={})
    assert "the fit starts anew" in caplog.text
    assert resumed[0] == whole[0]


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b'{"format": 1, "fit": "another"}'])
def test_what_is_damaged_or_of_another_fit_is_left_alone(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "boost-0.json").write_bytes(damage)
    whole = fitted(tmp_path / "whole", None, params={})
    assert fitted(tmp_path / "again", tmp_path / "kept", params={}) == whole


def test_a_checkpoint_of_other_rows_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    fitted(tmp_path / "first", kept, params={"num_leaves": 4})
    whole = fitted(tmp_path / "whole", None, params={})
    assert fitted(tmp_path / "again", kept, params={}) == whole


def counting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note of each training that is run how many rounds it began with."""
    begun: list[int] = []
    run = rounds.Rounds._run

    def noted(self: rounds.Rounds, checkpoint: Any, stored: Any, kept: int) -> Any:
        begun.append(kept)
        return run(self, checkpoint, stored, kept)

    monkeypatch.setattr(rounds.Rounds, "_run", noted)
    return begun


def interrupted(called: Callable[..., None], *, after: int) -> Callable[..., None]:
    """Interrupt rounds of which no curve is told, as those of a refit."""

    def watch(self: Any, environment: Any) -> None:
        called(self, environment)
        if self._rounds.tell is None and environment.iteration + 1 == after:
            raise KeyboardInterrupt

    return watch
