"""Where MLflow keeps the runs of a case."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from yule_cli.secrets import SecretError, names_secret, reveal

__all__ = ["TrackingPlace", "sqlite_uri", "tracking_place"]

_SQLITE = "sqlite:///"


@dataclass(frozen=True, kw_only=True)
class TrackingPlace:
    """An experiment of a tracking store.

    Attributes:
        uri: The tracking URI, absolute where it is a file; secrets stand in it by their names.
        experiment: Name of the experiment.
        artifacts: Folder for the files of a new experiment; None where the store decides itself.
        folder: Where relative paths of secrets start.
    """

    uri: str
    experiment: str
    artifacts: Path | None = None
    folder: Path = Path()

    @property
    def database(self) -> Path | None:
        """The SQLite file, or None where the store is something else."""
        return _database(self.uri) if self.uri.startswith(_SQLITE) else None

    def access(self) -> tuple[str, dict[str, str]]:
        """Return the URI to hand to MLflow, and the environment in which to use it.

        The user and the password of a server go into the environment, as MLflow has it: so no URL
        that MLflow stores or shows holds them.

        Raises:
            SecretError: If a secret that the URI names cannot be read.
        """
        uri = reveal(self.uri, folder=self.folder)
        parts = urlsplit(uri)
        if parts.scheme not in ("http", "https") or "@" not in parts.netloc:
            return uri, {}
        user, _, host = parts.netloc.rpartition("@")
        name, _, password = user.partition(":")
        environment = {
            "MLFLOW_TRACKING_USERNAME": unquote(name),
            "MLFLOW_TRACKING_PASSWORD": unquote(password),
        }
        return urlunsplit(parts._replace(netloc=host)), environment


def tracking_place(
    uri: str | None, *, experiment: str, state: Path, relative_to: Path
) -> TrackingPlace:
    """Return where to track, without opening it.

    Args:
        uri: Any MLflow tracking URI, in which `${env:NAME}` and `${file:PATH}` name secrets; None
            for an SQLite file in `state`.
        experiment: Name of the experiment.
        state: The case's state folder.
        relative_to: Folder at which a relative SQLite path starts: the case file's own.

    Raises:
        SecretError: If a secret that the URI names cannot be read, or names an SQLite file: its
            path is stored with every run.
    """
    if uri is None:
        return _sqlite(state.absolute() / "mlflow.db", experiment)
    if names_secret(uri):
        if reveal(uri, folder=relative_to).startswith("sqlite:"):
            raise SecretError(f"{uri} is an SQLite file, which is no secret; write its path out.")
        return TrackingPlace(uri=uri, experiment=experiment, folder=relative_to)
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
