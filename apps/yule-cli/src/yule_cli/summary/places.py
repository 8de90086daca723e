"""Where a run's results are, and the command that shows each."""

from __future__ import annotations

import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from yule_cli.secrets import names_secret
from yule_cli.summary.amounts import format_count
from yule_cli.summary.model import RunSummary

__all__ = ["Place", "places"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """One thing to look at.

    Attributes:
        label: What it is.
        where: Its path, or its address.
        command: A line for the shell that shows it, or None.
        note: What more there is to say, or "".
    """

    label: str
    where: str
    command: str | None
    note: str = ""


def places(summary: RunSummary, *, relative_to: Path | None) -> tuple[Place, ...]:
    """List what the run left behind.

    Args:
        summary: The run.
        relative_to: Paths below this folder are shown relative to it; None for absolute paths.
    """
    paths = summary.paths
    found = []
    if paths.predictions is not None:
        folder = _shown(paths.predictions, relative_to)
        rows = summary.rows_scored
        note = "" if rows is None else format_count(rows, "row")
        found.append(
            Place(
                label="Predictions",
                where=folder,
                note=note,
                command=_show_table(folder, relative_to)
                if isinstance(paths.predictions, Path)
                else shlex.join(["gcloud", "storage", "cp", "--recursive", folder, "."]),
            )
        )
    if summary.table is not None:
        note = {"replace": "replaced", "append": "added to, once"}[summary.table.how]
        where = f"{summary.table.table} in {summary.table.warehouse}"
        found.append(Place(label="Table", where=where, note=note, command=None))
    if paths.report is not None:
        report = _shown(paths.report, relative_to)
        opener = "open" if sys.platform == "darwin" else "xdg-open"
        found.append(Place(label="Report", where=report, command=shlex.join([opener, report])))
    if paths.tensorboard is not None:
        curves = _shown(paths.tensorboard, relative_to)
        command = shlex.join([_program("tensorboard", relative_to), "--logdir", curves])
        found.append(Place(label="Learning curves", where=curves, command=command))
    if summary.mlflow is not None:
        uri = _shown_uri(summary.mlflow.uri, relative_to)
        is_server = uri.startswith(("http://", "https://"))
        found.append(
            Place(
                label="MLflow",
                where=uri,
                note=f"run {summary.mlflow.run_id}",
                command=None
                if is_server or names_secret(uri)
                else shlex.join(
                    [_program("mlflow", relative_to), "ui", "--backend-store-uri", uri]
                ),
            )
        )
    resolved = _shown(paths.resolved, relative_to)
    found.append(Place(label="Resolved case", where=resolved, command=None))
    if paths.shared is not None:
        found.append(Place(label="In the bucket", where=paths.shared, command=None))
    return tuple(found)


def _show_table(folder: str, relative_to: Path | None) -> str:
    statement = f"import duckdb; duckdb.read_parquet({folder + '/*.parquet'!r}).show()"
    is_plain = not set(folder) & set("\"'$`\\!")
    quoted = f'"{statement}"' if is_plain else shlex.quote(statement)
    return f"{shlex.quote(_program('python', relative_to))} -c {quoted}"


def _program(name: str, relative_to: Path | None) -> str:
    """Return what to type for a program of this environment, which may not be activated."""
    own = Path(sys.executable).parent / name
    found = shutil.which(name)
    if (found is not None and Path(found) == own) or not own.exists():
        return name
    return _shown(own, relative_to)


def _shown(path: Path | str, relative_to: Path | None) -> str:
    if isinstance(path, str) or relative_to is None or not path.is_relative_to(relative_to):
        return str(path)
    return str(path.relative_to(relative_to))


def _shown_uri(uri: str, relative_to: Path | None) -> str:
    scheme, separator, path = uri.partition(":///")
    if scheme not in ("sqlite", "file") or not path.startswith("/"):
        return uri
    return f"{scheme}{separator}{_shown(Path(path), relative_to)}"
