"""What is computed anew when something changes. The tests build on each other's cache, in order."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FOLDS = 3
SHARDS = 2


@pytest.fixture(scope="module")
def first(shop: Path, yule: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    return yule(shop)


def computed(run: dict[str, Any]) -> dict[str, int]:
    """Number of computed tasks by stage, where there is any."""
    stages = run["stages"]
    return {stage: tasks["computed"] for stage, tasks in stages.items() if tasks["computed"]}


def test_the_first_run_computes_everything(first: dict[str, Any]) -> None:
    assert first["status"] == "succeeded"
    assert first["tasks"]["reused"] == 0
    assert computed(first) == {
        "entities": 2,
        "features": 9,
        "folds": 1,
        "training": 3 * FOLDS,
        "ensemble": 1,
        "scoring": SHARDS + 1,
    }


def test_the_second_run_computes_nothing_and_predicts_the_same(
    first: dict[str, Any], shop: Path, yule: Callable[[Path], dict[str, Any]]
) -> None:
    second = yule(shop)

    assert second["tasks"]["computed"] == 0
    assert second["tasks"]["reused"] == first["tasks"]["computed"]
    assert second["mlflow"]["run_id"] != first["mlflow"]["run_id"]
    assert second["metrics"] == first["metrics"]
    assert prediction_bytes(second) == prediction_bytes(first)


def test_a_clock_that_was_set_makes_nothing_stale(
    first: dict[str, Any], shop: Path, yule: Callable[[Path], dict[str, Any]]
) -> None:
    for number, path in enumerate(sorted(shop.parent.rglob("*"))):
        moment = (0, 2**32, 1_700_000_000)[number % 3]
        os.utime(path, (moment, moment), follow_symlinks=False)

    run = yule(shop)

    assert run["tasks"]["computed"] == 0
    assert prediction_bytes(run) == prediction_bytes(first)


def test_a_changed_parameter_retrains_its_model_only(
    first: dict[str, Any], shop: Path, yule: Callable[[Path], dict[str, Any]]
) -> None:
    changed = edited(shop, "num_leaves: 8", "num_leaves: 6", name="parameter.yaml")

    assert computed(yule(changed)) == {"training": FOLDS, "ensemble": 1, "scoring": SHARDS + 1}


def test_a_changed_window_recomputes_its_feature_and_what_hangs_on_it(
    first: dict[str, Any], shop: Path, yule: Callable[[Path], dict[str, Any]]
) -> None:
    changed = edited(shop, "windows: [14d, all]", "windows: [21d, all]", name="window.yaml")

    assert computed(yule(changed)) == {
        # of `visits`, the joined table and its description, for the training rows and for all,
        # and the search for leaks
        "features": 7,
        "training": 3 * FOLDS,
        "ensemble": 1,
        "scoring": SHARDS + 1,
    }


def test_another_number_of_workers_changes_nothing(
    first: dict[str, Any], shop: Path, yule: Callable[[Path], dict[str, Any]]
) -> None:
    changed = shop.with_name("workers.yaml")
    changed.write_text(shop.read_text() + "run: {workers: 1}\nstore: .yule-elsewhere\n")

    run = yule(changed)

    assert run["tasks"]["reused"] == 0
    assert prediction_bytes(run) == prediction_bytes(first)


def test_a_copy_of_the_folder_starts_afresh(
    first: dict[str, Any],
    shop: Path,
    tmp_path: Path,
    yule: Callable[[Path], dict[str, Any]],
) -> None:
    for path in [shop, shop.with_name("catalog.yaml"), *(shop.parent / "data").iterdir()]:
        copy = tmp_path / path.relative_to(shop.parent)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())

    run = yule(tmp_path / shop.name)

    assert run["tasks"]["reused"] == 0
    assert prediction_bytes(run) == prediction_bytes(first)


def edited(case: Path, old: str, new: str, *, name: str) -> Path:
    text = case.read_text()
    assert old in text
    changed = case.with_name(name)
    changed.write_text(text.replace(old, new))
    return changed


def prediction_bytes(run: dict[str, Any]) -> dict[str, bytes]:
    folder = Path(run["paths"]["predictions"])
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}
