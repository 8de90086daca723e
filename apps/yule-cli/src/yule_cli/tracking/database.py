"""MLflow's SQLite file: complete, or not there."""

from __future__ import annotations

from pathlib import Path

from yule_cli.tracking.place import sqlite_uri

__all__ = ["lay_out"]


def lay_out(database: Path) -> None:
    """Have MLflow make its tables where there is no file yet; a rename brings it to its name.

    MLflow makes them in dozens of steps that SQLite does not undo: a process killed in between
    would leave a file that MLflow can neither use nor finish. Call it inside `quiet_mlflow`, and
    while no other process does so for the same file.
    """
    if database.exists():
        return
    from mlflow import MlflowClient

    draft = database.with_name(f".{database.name}.new")
    _remove(draft)
    try:
        MlflowClient(tracking_uri=sqlite_uri(draft)).search_experiments(max_results=1)
        draft.rename(database)
    finally:
        _remove(draft)


def _remove(draft: Path) -> None:
    for path in (draft, draft.with_name(f"{draft.name}-journal")):
        path.unlink(missing_ok=True)
