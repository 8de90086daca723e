"""Disks that are full or read-only, and a store of a newer version, as a user meets them."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shop import UNTRACKED, run_yule
from started import published, run_mounted, stored, tracked

Yule = Callable[..., dict[str, Any]]
FULL = "No space left on device"


@pytest.fixture(scope="module")
def done(shop: Path, yule: Yule) -> dict[str, Any]:
    return yule(shop)


def small(size: str) -> list[str]:
    return [f'mount -t tmpfs -o size={size} tmpfs "$1"']


READ_ONLY = ['mount --bind "$1" "$1"', 'mount -o remount,bind,ro "$1"']


def message(completed: subprocess.CompletedProcess[str]) -> str:
    """Return what a failed command said in the end: one message, and no traceback."""
    assert "Traceback" not in completed.stderr
    assert "defect" not in completed.stderr
    return completed.stderr.strip().splitlines()[-1]


def variant(case: Path, name: str, old: str, new: str) -> Path:
    changed = case.with_name(name)
    changed.write_text(case.read_text().replace(old, new))
    return changed


@pytest.mark.parametrize(
    ("folder", "size", "words"),
    [
        ("predictions", "8k", [FULL, "Free some space, and run the case again"]),
        ("runs", "64k", ["report.html", FULL, "Free some space, and run the case again"]),
        ("tracking", "200k", ["could not be written to MLflow", "full", "Its results are kept"]),
    ],
)
def test_a_full_disk_is_named_and_spoils_nothing(
    shop: Path, done: dict[str, Any], folder: str, size: str, words: list[str]
) -> None:
    state = shop.parent / ".yule"
    before = stored(state)
    earlier = published(Path(done["paths"]["predictions"]))
    uri = f"sqlite:///{state}/tracking/mlflow.db"
    case = variant(shop, "full.yaml", UNTRACKED, f"tracking: {{uri: '{uri}'}}\n")

    completed = run_mounted(small(size), state / folder, case)

    assert completed.returncode == 3, completed.stderr
    assert all(word in message(completed) for word in words), message(completed)
    assert stored(state) == before
    assert published(Path(done["paths"]["predictions"])) == earlier
    assert not [path for path in state.rglob(".*") if path.is_file() or path.is_symlink()]


def test_a_full_store_is_named_in_one_message(shop: Path, done: dict[str, Any]) -> None:
    state = shop.parent / ".yule"
    before = stored(state)

    completed = run_mounted(small("64k"), state / "store", shop)

    assert completed.returncode == 3, completed.stderr
    assert "Traceback" not in completed.stderr
    [cause] = [line.strip() for line in completed.stderr.splitlines() if "  cause: " in line]
    assert cause.startswith(f"cause: The store {state / 'store'} cannot be written to: ")
    assert f"{FULL}. Free some space, or choose another store; what was stored before" in cause
    assert stored(state) == before


def test_when_there_is_room_again_the_next_run_succeeds(
    shop: Path, done: dict[str, Any], yule: Yule
) -> None:
    database = shop.parent / ".yule" / "tracking" / "mlflow.db"
    again = yule(variant(shop, "room.yaml", "case: shop\n", "case: shop\n"))
    named = f"tracking: {{uri: sqlite:///{database}}}\n"
    elsewhere = yule(variant(shop, "else.yaml", UNTRACKED, named))

    assert again["tasks"]["computed"] == elsewhere["tasks"]["computed"] == 0
    assert tracked(database) == {elsewhere["mlflow"]["run_id"]: "FINISHED"}


def test_a_read_only_state_folder_is_refused_at_once(shop: Path, done: dict[str, Any]) -> None:
    completed = run_mounted(READ_ONLY, shop.parent / ".yule", shop)

    assert completed.returncode == 2, completed.stderr
    assert "is read-only. Make it writable, or name another as `store`." in message(completed)


def test_a_read_only_store_is_told_before_the_work(shop: Path, done: dict[str, Any]) -> None:
    case = variant(shop, "changed.yaml", "num_leaves: 8", "num_leaves: 5")
    completed = run_mounted(READ_ONLY, shop.parent / ".yule" / "store", case)

    assert completed.returncode == 3, completed.stderr
    assert "Read-only file system. Make the folder writable" in completed.stderr
    assert "defect" not in completed.stderr


def test_a_store_of_a_newer_version_is_refused_and_left_alone(
    shop: Path, done: dict[str, Any]
) -> None:
    [manifest] = (shop.parent / ".yule/store/cache").glob("*/FitEnsemble/*/manifest.json")
    known = manifest.read_text()
    manifest.write_text(known.replace('"schema": 1', '"schema": 2'))
    [table] = (shop.parent / ".yule/store/cache").glob("*/PredictionTable/*/manifest.json")
    table.rename(table.with_name("away"))

    completed = run_yule("run", shop)

    assert completed.returncode == 2, completed.stderr
    assert "the store was written by a newer version. Upgrade gokart-store" in message(completed)
    assert str(manifest.parent) in message(completed)
    assert manifest.read_text() == known.replace('"schema": 1', '"schema": 2')
