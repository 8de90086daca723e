"""What is computed anew when something changes. The tests build on each other's cache, in order."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loading import printed_and_loaded
from shop import run_yule

FOLDS = 3
SHARDS = 2
COMPUTING = ("lightgbm", "mlflow", "scipy", "sklearn", "torch")


@pytest.fixture(scope="module")
def first(shop: Path, yule: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    return yule(shop)


def repeated(run: dict[str, Any], *options: str) -> dict[str, Any]:
    """The summary of `yule repeat`."""
    completed = run_yule("repeat", run["paths"]["run"], "--json", *options)
    assert completed.returncode == 0, completed.stderr
    found: dict[str, Any] = json.loads(completed.stdout)
    return found


def computed(run: dict[str, Any]) -> dict[str, int]:
    """Number of computed tasks by stage, where there is any."""
    stages = run["stages"]
    return {stage: tasks["computed"] for stage, tasks in stages.items() if tasks["computed"]}


def test_the_first_run_computes_everything(first: dict[str, Any]) -> None:
    assert first["status"] == "succeeded"
    assert first["tasks"]["reused"] == 0
    assert computed(first) == {
        "entities": 2,
        "features": 10,
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
    assert second["run_id"] != first["run_id"]
    assert second["metrics"] == first["metrics"]
    assert prediction_bytes(second) == prediction_bytes(first)


def test_a_run_that_computes_nothing_loads_nothing_that_only_computing_needs(shop: Path) -> None:
    printed, loaded = printed_and_loaded(COMPUTING, "run", str(shop))

    assert "Nothing to compute" in printed
    assert loaded == "[]"


def test_a_run_that_is_not_tracked_leaves_nothing_of_mlflow(
    first: dict[str, Any], shop: Path
) -> None:
    assert first["mlflow"] is None
    assert not list(shop.parent.rglob("ml*"))


def test_a_clock_that_was_set_makes_nothing_stale(
    first: dict[str, Any], shop: Path, yule: Callable[[Path], dict[str, Any]]
) -> None:
    for number, path in enumerate(sorted(shop.parent.rglob("*"))):
        moment = (0, 2**32, 1_700_000_000)[number % 3]
        os.utime(path, (moment, moment), follow_symlinks=False)

    run = yule(shop)

    assert run["tasks"]["computed"] == 0
    assert prediction_bytes(run) == prediction_bytes(first)


def test_a_run_is_repeated_without_its_case_file(first: dict[str, Any], shop: Path) -> None:
    text = shop.read_text()
    shop.unlink()

    again = repeated(first)
    shop.write_text(text)

    assert again["tasks"]["computed"] == 0
    assert again["repeats"] == {"run_id": first["run_id"], "has_same_predictions": True}
    assert again["predictions_digest"] == first["predictions_digest"]
    assert again["resolved_digest"] == first["resolved_digest"]


def test_a_run_is_computed_again_in_a_store_of_its_own(
    first: dict[str, Any], tmp_path: Path
) -> None:
    again = repeated(first, "--store", str(tmp_path / "afresh"))

    assert again["tasks"]["reused"] == 0
    assert again["repeats"]["has_same_predictions"] is True
    assert prediction_bytes(again) == prediction_bytes(first)


def test_other_predictions_end_a_repetition_with_3(first: dict[str, Any], tmp_path: Path) -> None:
    run = tmp_path / "runs" / first["run_id"]
    shutil.copytree(first["paths"]["run"], run)
    summary = json.loads((run / "run.json").read_text()) | {"predictions_digest": "another"}
    (run / "run.json").write_text(json.dumps(summary))

    completed = run_yule("repeat", run, "--json")

    assert completed.returncode == 3
    assert f"The predictions differ from those of {first['run_id']}" in completed.stderr
    assert json.loads(completed.stdout)["repeats"]["has_same_predictions"] is False


def test_a_changed_parameter_retrains_its_model_only(
    first: dict[str, Any], shop: Path, yule: Callable[[Path], dict[str, Any]]
) -> None:
    changed = edited(shop, "num_leaves: 8", "num_leaves: 6", name="parameter.yaml")

    assert computed(yule(changed)) == {
        "training": FOLDS,
        "ensemble": 1,
        "scoring": SHARDS + 1,
    }


def test_a_changed_window_recomputes_its_feature_and_what_hangs_on_it(
    first: dict[str, Any], shop: Path, yule: Callable[[Path], dict[str, Any]]
) -> None:
    changed = edited(shop, "windows: [14d, all]", "windows: [21d, all]", name="window.yaml")

    assert computed(yule(changed)) == {
        # of `visits`, the joined table and its description, for the training rows and for all,
        # and the searches for leaks and drift
        "features": 8,
        "training": 3 * FOLDS,
        "ensemble": 1,
        "scoring": SHARDS + 1,
    }


def test_a_copy_starts_afresh_and_with_more_workers_predicts_the_same(
    first: dict[str, Any],
    shop: Path,
    tmp_path: Path,
    yule: Callable[[Path], dict[str, Any]],
) -> None:
    for path in [shop, shop.with_name("catalog.yaml"), *(shop.parent / "data").iterdir()]:
        copy = tmp_path / path.relative_to(shop.parent)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    run = yule(edited(tmp_path / shop.name, "workers: 1", "workers: 3", name="workers.yaml"))

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
