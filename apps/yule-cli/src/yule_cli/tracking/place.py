"""Where MLflow keeps the runs of a case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from yule_cli.errors import CaseError

__all__ = ["TrackingPlace", "sqlite_uri", "tracking_place"]

_SQLITE = "sqlite:///"
_SECRET_NAME = re.compile(r"passw|pwd|secret|token|credential|api_?key", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class TrackingPlace:
    """An experiment of a tracking store.

    Attributes:
        uri: The tracking URI, absolute where it is a file.
        experiment: Name of the experiment.
        artifacts: Folder for the files of a new experiment; None where the store decides itself.
    """

    uri: str
    experiment: str
    artifacts: Path | None = None

    @property
    def database(self) -> Path | None:
        """The SQLite file, or None where the store is something else."""
        return _database(self.uri) if self.uri.startswith(_SQLITE) else None


def tracking_place(
    uri: str | None, *, experiment: str, state: Path, relative_to: Path
) -> TrackingPlace:
    """Return where to track, without opening it.

    Args:
        uri: Any MLflow tracking URI; None for an SQLite file in `state`.
        experiment: Name of the experiment.
        state: The case's state folder.
        relative_to: Folder at which a relative SQLite path starts: the case file's own.

    Raises:
        CaseError: If the URI holds credentials: they would end up in logs and reports.
    """
    if uri is None:
        return _sqlite(state.absolute() / "mlflow.db", experiment)
    _check_no_credentials(uri)
    if not uri.startswith(_SQLITE):
        return TrackingPlace(uri=uri, experiment=experiment)
    return _sqlite((relative_to / _database(uri)).absolute(), experiment)


def sqlite_uri(database: Path) -> str:
    """Return the tracking URI of an SQLite file."""
    # In a database URL, % begins an escape and ? begins the options.
    path = str(database).replace("%", "%25").replace("?", "%3F")
    return f"{_SQLITE}{path}"


def _sqlite(database: Path, experiment: str) -> TrackingPlace:
    return TrackingPlace(
        uri=sqlite_uri(database),
        experiment=experiment,
        artifacts=database.parent / "mlartifacts",
    )


def _database(uri: str) -> Path:
    return Path(unquote(uri.removeprefix(_SQLITE).partition("?")[0]))


def _check_no_credentials(uri: str) -> None:
    parts = urlsplit(uri)
    names = [name for name, _ in parse_qsl(parts.query) if _SECRET_NAME.search(name)]
    if "@" not in parts.netloc and not names:
        return
    where = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    raise CaseError(
        [
            f"The tracking URI of {where} holds credentials, which would be shown in logs and "
            "reports. Leave them out of `tracking.uri`, and set MLFLOW_TRACKING_USERNAME and "
            "MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, in the environment."
        ]
    )
