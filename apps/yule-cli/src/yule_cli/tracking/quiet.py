"""Keeps MLflow to itself: no chatter, no telemetry, no minutes of retries."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["quiet_mlflow"]

# MLflow's own defaults retry for four minutes before they say that a server is down.
_ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
# Of MLflow's own making; nobody who uses it can do anything about them.
_WARNINGS = ("The ``noload`` loader strategy is deprecated", ".*filesystem tracking backend")
_CHATTY_LOGGERS = ("alembic", "mlflow.store.db.utils", "mlflow.tracking")


@contextmanager
def quiet_mlflow() -> Iterator[None]:
    """Import and use MLflow inside; what the environment already sets stays as it is."""
    added = {name: value for name, value in _ENVIRONMENT.items() if name not in os.environ}
    os.environ.update(added)
    for name in _CHATTY_LOGGERS:
        logging.getLogger(name).addFilter(_is_serious)
    try:
        with warnings.catch_warnings():
            for message in _WARNINGS:
                warnings.filterwarnings("ignore", message=message)
            yield
    finally:
        for name in _CHATTY_LOGGERS:
            logging.getLogger(name).removeFilter(_is_serious)
        for name in added:
            os.environ.pop(name, None)


def _is_serious(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING
