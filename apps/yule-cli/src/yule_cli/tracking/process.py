"""Tracks a run from a process of its own, which loads MLflow while the run computes.

MLflow takes as long to load as everything else that a run loads together.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gokart_store import collector_at_rest

from yule_cli.summary import MlflowRun, RunSummary
from yule_cli.tracking.errors import TrackingError
from yule_cli.tracking.place import TrackingPlace
from yule_cli.tracking.quiet import quiet_mlflow
from yule_cli.tracking.recording import track_run

__all__ = ["Tracker"]

_PATIENCE_S = 5.0


class Tracker:
    """A process that waits for a run to track; it ends with the driver, however that ends."""

    def __init__(self) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._connection, theirs = spawning.Pipe()
        self._process = spawning.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        self._has_answered = False
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # A run that is cut short in MLflow counts as killed there (see `track_run`).
        if not self._has_answered:
            self._process.terminate()
        self._process.join(_PATIENCE_S)
        self._process.kill()
        self._process.join()
        self._connection.close()

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._process.pid is not None  # noqa: S101 - it was started
        return self._process.pid

    def track(
        self,
        place: TrackingPlace,
        summary: RunSummary,
        *,
        resolved: Mapping[str, Any],
        artifacts: Sequence[Path],
    ) -> MlflowRun:
        """Do what `track_run` does, and wait for it.

        Raises:
            TrackingError: If the store cannot be written, or the process has died.
        """
        try:
            self._connection.send((place, summary, resolved, artifacts))
            answer = self._connection.recv()
            self._has_answered = True
        except (EOFError, OSError):
            self._process.join()
            raise TrackingError(
                "The process that writes to MLflow ended before it was done, with exit code "
                f"{self._process.exitcode}. The run's results are kept in {summary.paths.run}; run "
                "the case again: nothing is computed twice, and the new run is tracked."
            ) from None
        if isinstance(answer, MlflowRun):
            return answer
        raise answer


def _serve(connection: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's to handle
    os.dup2(2, 1)  # what MLflow prints must not get into what the driver prints
    _load_mlflow()
    try:
        request = connection.recv()
        # Until here there was nothing to undo: SIGTERM ended the process at once.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        connection.send(_answer(*request))
    except (EOFError, KeyboardInterrupt):
        pass  # the driver is gone, or needs no more
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it is ending already


def _answer(
    place: TrackingPlace,
    summary: RunSummary,
    resolved: Mapping[str, Any],
    artifacts: Sequence[Path],
) -> MlflowRun | Exception:
    try:
        return track_run(place, summary, resolved=resolved, artifacts=artifacts)
    except TrackingError as error:
        return error
    except Exception:  # of any kind, perhaps one that cannot be sent
        return RuntimeError(traceback.format_exc())


def _load_mlflow() -> None:
    """Load ahead of time what tracking loads; where that fails, tracking will say so."""
    with contextlib.suppress(Exception), quiet_mlflow(), collector_at_rest():
        for name in ("mlflow.client", "mlflow.store.tracking.sqlalchemy_store"):
            import_module(name)
