"""What BigQuery refuses, in words that say what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from mushroom.errors import WarehouseError

__all__ = ["refusals", "role_for", "said"]

_PERMISSION = re.compile(r"\bbigquery\.\w+\.\w+")
_ROLES = {
    "bigquery.jobs.create": "roles/bigquery.jobUser",
    "bigquery.jobs.get": "roles/bigquery.jobUser",
    "bigquery.jobs.update": "roles/bigquery.jobUser",
    "bigquery.readsessions.create": "roles/bigquery.readSessionUser",
    "bigquery.readsessions.getData": "roles/bigquery.readSessionUser",
    "bigquery.tables.create": "roles/bigquery.dataEditor",
    "bigquery.tables.createSnapshot": "roles/bigquery.dataViewer",
    "bigquery.tables.deleteSnapshot": "roles/bigquery.dataOwner",
    "bigquery.tables.delete": "roles/bigquery.dataEditor",
    "bigquery.tables.update": "roles/bigquery.dataEditor",
    "bigquery.tables.updateData": "roles/bigquery.dataEditor",
}
_REQUEST = re.compile(r"^[A-Z]+ https?://\S+: ")
_READER = "roles/bigquery.dataViewer"


def role_for(reason: str) -> str:
    """The narrowest predefined role that gives the permission which a refusal names.

    >>> role_for("User does not have bigquery.jobs.create permission in project p.")
    'roles/bigquery.jobUser'
    >>> role_for("User does not have permission to query table p:d.t")
    'roles/bigquery.dataViewer'
    """
    found = _PERMISSION.search(reason)
    return _ROLES.get(found[0], _READER) if found else _READER


@contextmanager
def refusals(doing: str) -> Iterator[None]:
    """Turn the client's errors into a WarehouseError.

    Args:
        doing: What is being done, as the beginning of a sentence: `A query that reads t`.
    """
    from google.api_core.exceptions import Forbidden, GoogleAPIError, RetryError
    from google.auth.exceptions import GoogleAuthError
    from requests.exceptions import RequestException

    try:
        yield
    except Forbidden as error:
        if _reasons(error) & {"quotaExceeded", "rateLimitExceeded", "responseTooLarge"}:
            raise WarehouseError(f"{doing} failed: {said(error)}") from error
        raise WarehouseError(
            f"{doing} was refused: {said(error)} It may lack {role_for(str(error))}; ask whoever "
            "owns the project or the dataset."
        ) from error
    except RetryError as error:
        raise WarehouseError(
            f"{doing} was given up, since BigQuery could not be reached: {error.cause}"
        ) from error
    except (GoogleAPIError, GoogleAuthError, RequestException) as error:
        raise WarehouseError(f"{doing} failed: {said(error)}") from error
    except (OverflowError, pa.ArrowException) as error:
        # The client makes Arrow of what came.
        raise WarehouseError(f"{doing} gave a value that its type cannot hold: {error}") from error


def said(error: Exception) -> str:
    """What an error of the client says, as a sentence."""
    text = str(getattr(error, "message", "") or error)
    # The client appends the job's errors once more, and its place and id.
    text = text.partition("; reason: ")[0].partition("\n\n")[0]
    text = _REQUEST.sub("", text).strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _reasons(error: Exception) -> set[str]:
    return {str(fault.get("reason")) for fault in getattr(error, "errors", ())}
