"""Runs that are killed, fail, or find their store damaged."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from shop import run_yule, write_shop

ROOT = Path(__file__).parents[2]


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return write_shop(tmp_path / "shop", is_tracked=True)


def test_kills_at_random_moments_leave_nothing_but_work_to_do(shop: Path) -> None:
    completed = subprocess.run(
        [sys.executable, ROOT / "tools" / "kill_anywhere.py", shop, "--kills", "3"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert completed.returncode == 0, completed.stdout + completed.stderr
    assert "3 of 3 kills left nothing but work to do" in completed.stdout


def test_a_failed_run_names_the_task_and_the_cause_and_is_tracked(fresh: Path) -> None:
    catalog = fresh.with_name("catalog.yaml")
    text = catalog.read_text().replace("expression: amount,", "expression: 'POW(amount, 40)',")
    catalog.write_text(text)

    completed = run_yule("run", fresh, "--json")

    assert completed.returncode == 3, completed.stderr
    printed = json.loads(completed.stdout)
    assert printed["status"] == "failed"
    assert printed["mlflow"]["run_id"]
    assert printed["paths"]["predictions"] is None
    assert "EventWindows" in completed.stderr
    assert "  name = orders" in completed.stderr
    assert "Traceback" not in completed.stderr.split("The run failed")[0]


def test_damaged_results_are_named_and_computed_again(
    computed_shop: Path, plain: dict[str, Any]
) -> None:
    cache = computed_shop.parent / ".yule" / "store" / "cache"
    [features, *_] = cache.glob("*/FeatureTable/*/files-*/shard-00000.parquet")
    data = bytearray(features.read_bytes())
    data[len(data) // 2] ^= 1
    features.write_bytes(data)
    for name in ("TrainFold", "ScoreShard", "PredictionTable"):
        for manifest in cache.glob(f"*/{name}/*/manifest.json"):
            manifest.unlink()

    completed = run_yule("run", computed_shop, "--json")

    assert completed.returncode == 0, completed.stderr
    second = json.loads(completed.stdout)
    assert "1 damaged results are computed again." in completed.stderr
    damaged = f"The entry {features.parents[1]} is damaged (shard-00000.parquet is not what was"
    assert damaged in completed.stderr
    assert second["stages"]["features"]["computed"] >= 1
    published = [
        Path(run["paths"]["predictions"]) / "shard-00000.parquet" for run in (plain, second)
    ]
    assert published[0].read_bytes() == published[1].read_bytes()
