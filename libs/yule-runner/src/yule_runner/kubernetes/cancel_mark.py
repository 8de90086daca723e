"""That a run was cancelled, noted in its store: its Jobs, which say so too, may be gone by now."""

from __future__ import annotations

import uuid

from gokart_store import Store

from yule_runner.kubernetes.errors import RunCancelled
from yule_runner.kubernetes.names import label_value

__all__ = ["CancelMark", "cancelled"]


class CancelMark:
    """What a driver that slept through a cancellation finds when it wakes.

    A mark that lay there before the driver began is that of an earlier life of the run: each
    cancellation leaves another one, and nobody has to take it away.

    Args:
        store: of the run.
        run: as in `ClusterSettings.run`.
    """

    def __init__(self, store: Store, run: str) -> None:
        self._store, self._run = store, run
        self._key = f"side/cancelled/{label_value(run)}"
        self._before = store.read_bytes(self._key)

    def leave(self) -> None:
        """Note that the run is cancelled.

        Raises:
            StoreWriteError: the store takes nothing.
        """
        self._store.write_bytes(self._key, uuid.uuid4().bytes)

    def check(self) -> None:
        """Look whether the run was cancelled since this was made.

        Raises:
            RunCancelled: it was.
        """
        if self._store.read_bytes(self._key) != self._before:
            raise cancelled(self._run)


def cancelled(run: str) -> RunCancelled:
    """Return what ends the driver of a cancelled run."""
    return RunCancelled(
        f"The run {run} was cancelled. What is stored is kept: start it again to go on."
    )
