"""A copy of one kind of object, kept up to date by LIST and WATCH.

After client-go tools/cache/reflector.go: list, then watch from the list's version; go on from the
last version seen when a watch ends, breaks or falls silent; list anew when that version is gone,
and every ten minutes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from yule_runner.errors import YuleRunnerError
from yule_runner.kubernetes.api import ClusterApi, Kind
from yule_runner.kubernetes.backoff import Backoff
from yule_runner.kubernetes.errors import ApiUnavailable, ClusterError, Expired
from yule_runner.kubernetes.keeping import keeper_of
from yule_runner.kubernetes.patience import Patience
from yule_runner.kubernetes.stream import Watch

__all__ = ["Reflector"]

Json = dict[str, Any]

_REMEMBERED = 1000


class Reflector(threading.Thread):
    """Keeps the objects that a selector selects, by name: of each, what a driver reads.

    Args:
        api: the cluster.
        kind: of the objects.
        selector: label selector.
        patience: how long to wait for what.
        on_change: called, in this thread, after each change, with the object as it was and as it
            is, None where there is none; with None twice when anything else has happened: a list,
            an answer that did not come, its own end by an error.

    Attributes:
        is_synced: whether it has listed once.
        error: why it ended; None while it runs.
        trouble: why the copy may be old at the moment; empty where all is well.
        lists: how often it has listed.
    """

    def __init__(
        self,
        api: ClusterApi,
        kind: Kind,
        selector: str,
        *,
        patience: Patience,
        on_change: Callable[[Json | None, Json | None], None],
    ) -> None:
        super().__init__(name=f"watch {kind.plural}", daemon=True)
        self.is_synced = False
        self.error: YuleRunnerError | None = None
        self.trouble = ""
        self.lists = 0
        self._api, self._kind, self._selector = api, kind, selector
        self._keep = keeper_of(kind)
        self._patience, self._on_change = patience, on_change
        self._backoff = Backoff(patience, f"{selector} {kind.plural}")
        self._lock = threading.Lock()
        self._objects: dict[str, Json] = {}
        self._departed: dict[str, tuple[int, Json]] = {}  # with the version of their end
        self._version = ""
        self._listed_s = float("-inf")
        self._watch: Watch | None = None
        self._over = threading.Event()

    def objects(self) -> dict[str, Json]:
        """Return what is known now."""
        with self._lock:
            return dict(self._objects)

    def departed(self, name: str) -> Json | None:
        """Return an object that is gone, as it was last seen; None where nobody remembers."""
        with self._lock:
            _, body = self._departed.get(name, (0, None))
            return body

    def gone(self) -> list[Json]:
        """Return the last objects that are gone, as they were last seen."""
        with self._lock:
            return [body for _, body in self._departed.values()]

    def note(self, body: Json) -> None:
        """Take in an object that a request has returned, unless the watch knows better."""
        with self._lock:
            ended, _ = self._departed.get(body["metadata"]["name"], (0, None))
            if _version(body) > ended:
                self._take(self._keep(body))

    def stop(self) -> None:
        """End the thread."""
        self._over.set()
        if self._watch is not None:
            self._watch.interrupt()
        self.join(timeout=5)

    def run(self) -> None:
        """List and watch until stopped, or until the cluster refuses for good."""
        while not self._over.is_set():
            try:
                self._step()
            except Expired:
                self._version = ""
                self._over.wait(self._backoff.next_s())
            except ApiUnavailable as error:
                self.trouble = str(error)
                self._on_change(None, None)
                self._over.wait(self._backoff.next_s(error))
            except YuleRunnerError as error:
                self.error = error if isinstance(error, ClusterError) else ClusterError(str(error))
                self._on_change(None, None)
                return
            except Exception as error:
                # A driver that nobody tells would wait for news for ever.
                said = f"{type(error).__name__}: {error}"
                self.error = ClusterError(
                    f"The {self.name} of the cluster ended by what nobody expected ({said}). Start "
                    "the run again: it takes over its Jobs."
                )
                self.error.__cause__ = error
                self._on_change(None, None)
                return

    def _step(self) -> None:
        if not self._version or time.monotonic() >= self._listed_s + self._patience.relist_s:
            self._list()
        started_s, events = time.monotonic(), 0
        self._watch = self._api.watch(
            self._kind,
            self._selector,
            self._version,
            lasts_s=max(1, int(self._patience.watch_s)),
            silence_s=self._patience.silence_s,
        )
        self.trouble = ""
        try:
            for kind, body in self._watch:
                if self._over.is_set():
                    return
                events += 1
                self._see(kind, body)
                if time.monotonic() >= self._listed_s + self._patience.relist_s:
                    return
        finally:
            self._watch = None
        if events or time.monotonic() >= started_s + 1:
            self._backoff.reset()
        else:
            # A server that ends each watch at once is not to be asked without a pause.
            self._over.wait(self._backoff.next_s())

    def _list(self) -> None:
        items, version = self._api.list_all(self._kind, self._selector)
        self.lists += 1
        listed = {each["metadata"]["name"]: self._keep(each) for each in items}
        with self._lock:
            newer = {
                name: body for name, body in self._objects.items() if _version(body) > int(version)
            }
            for name in self._objects.keys() - listed.keys() - newer.keys():
                self._depart(name, self._objects[name], int(version))
            self._objects = listed | newer
        self._version, self._listed_s = version, time.monotonic()
        self.is_synced = True
        self._on_change(None, None)

    def _see(self, kind: str, body: Json) -> None:
        version = str(body["metadata"]["resourceVersion"])
        if kind != "BOOKMARK":
            body = self._keep(body)
            with self._lock:
                name = body["metadata"]["name"]
                known = self._objects.get(name)
                if kind == "DELETED":
                    if known is None or _version(known) <= int(version):
                        self._objects.pop(name, None)
                        self._depart(name, body, int(version))
                else:
                    self._take(body)
            self._on_change(known, None if kind == "DELETED" else body)
        self._version = version

    def _depart(self, name: str, body: Json, version: int) -> None:
        self._departed.pop(name, None)
        self._departed[name] = version, body
        if len(self._departed) > _REMEMBERED:
            del self._departed[next(iter(self._departed))]

    def _take(self, body: Json) -> None:
        name = body["metadata"]["name"]
        known = self._objects.get(name)
        if known is None or _version(known) < _version(body):
            self._objects[name] = body


def _version(body: Json) -> int:
    """Return an object's version; versions of one kind can be compared (KEP-5504)."""
    return int(body["metadata"]["resourceVersion"])
