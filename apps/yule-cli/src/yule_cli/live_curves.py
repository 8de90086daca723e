"""Learning curves of fits on other machines, shown on this one while they are trained."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gokart_store import GokartStoreError, Store, StoredTask, open_store
from yule_runner import Event, Listener, RunPlanned, TaskFinished, TaskReused, TaskStarted

from yule_cli.told_curves import WAITS, Curve, tell_curves
from yule_cli.tracking.curves import link_curves

if TYPE_CHECKING:
    from yule_cli.preparation import Prepared
    from yule_cli.state import RunFolder

__all__ = ["CurveBook", "CurveWindow", "driver_curves", "watching"]

_log = logging.getLogger(__name__)

_EVERY_S = 10.0
_TRAINS, _ENDED = "trains", "ended"


class CurveBook:
    """A listener of the runner's events that knows which fits are trained at this moment.

    Args:
        fits: The tasks that fit, by model and fold.
        tell: Gets all curves whenever the state of one has changed.
    """

    def __init__(
        self,
        fits: Mapping[tuple[str, int], StoredTask[Any]],
        tell: Callable[[Sequence[Curve]], None] = lambda _: None,
    ) -> None:
        self._tell = tell
        self._curves = {
            task.make_unique_id(): Curve(model=model, fold=fold, prefix=task.side_prefix("curves"))
            for (model, fold), task in fits.items()
        }

    def __call__(self, event: Event) -> None:
        """Take note of what happened."""
        match event:
            case RunPlanned():
                wanted = {task_id for group in event.groups for task_id in group.task_ids}
                self._note(self._curves.keys() - wanted, _ENDED)
            case TaskStarted():
                self._note({event.task_id}, _TRAINS)
            case TaskFinished():
                self._note({event.record.task_id}, _ENDED)
            case TaskReused():
                self._note({event.task_id}, _ENDED)
            case _:
                pass

    def curves(self) -> list[Curve]:
        """Return all curves, as they are now."""
        return list(self._curves.values())

    def _note(self, task_ids: set[str], state: str) -> None:
        changed = {
            task_id: replace(curve, state=state)
            for task_id in task_ids
            if (curve := self._curves.get(task_id)) is not None and curve.state != state
        }
        if changed:
            self._curves |= changed
            self._tell(self.curves())


class CurveWindow:
    """A TensorBoard folder that shows curves from a store.

    Args:
        store: Where pods leave their curves.
        folder: The run's TensorBoard folder.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder
        self._shown: set[str] = set()

    def show(self, curves: Sequence[Curve]) -> None:
        """Bring what has come of the fits that are trained, and once of those that have ended."""
        for curve in curves:
            if curve.state == WAITS or curve.prefix in self._shown:
                continue
            place = self._store.shared(curve.prefix)
            link_curves({(curve.model, curve.fold): place}, self._folder)
            if curve.state == _ENDED:
                self._shown.add(curve.prefix)


@contextmanager
def watching(
    window: CurveWindow, read: Callable[[], Sequence[Curve]], *, every_s: float = _EVERY_S
) -> Iterator[None]:
    """Show curves every few seconds, and when the block ends.

    A store that does not answer is no error, only a warning: curves are for looking on.
    """
    ended = threading.Event()

    def look() -> None:
        try:
            window.show(read())
        except (GokartStoreError, OSError) as error:
            _log.warning("Learning curves are not shown for now: %s", error)

    def run() -> None:
        while not ended.wait(every_s):
            look()

    thread = threading.Thread(target=run, name="curves", daemon=True)
    thread.start()
    try:
        yield
    except KeyboardInterrupt:
        ended.set()  # whoever presses Ctrl-C does not wait for a store
        raise
    finally:
        if not ended.is_set():
            ended.set()
            thread.join()
            look()


@contextmanager
def driver_curves(prepared: Prepared, run: RunFolder) -> Iterator[Listener]:
    """Lend a driver the listener that lets people see curves of fits on a cluster.

    A driver in the cluster tells in the store which fits are trained, for those who look on from
    their machines; one on this machine brings the curves here.
    """
    fits, state = prepared.graph.fits, prepared.state
    if prepared.run.on != "kubernetes":
        yield lambda _: None
        return
    from yule_runner.kubernetes.driving import owner_of

    store = open_store(state.store)
    if (owner := owner_of(os.environ)) is not None:
        yield CurveBook(fits, tell=partial(tell_curves, store, owner.name, owner.uid))
        return
    book = CurveBook(fits)
    with watching(CurveWindow(store, run.tensorboard), book.curves):
        yield book
