"""The gokart target over an entry, so that `gokart.build` and luigi work with stored tasks."""

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from gokart.conflict_prevention_lock.task_lock import TaskLockParams, make_task_lock_params
from gokart.target import TargetOnKart

from gokart_store.artefact import Artefact
from gokart_store.entry import Entry
from gokart_store.formats import Format
from gokart_store.manifest import MANIFEST_NAME

__all__ = ["StoredTarget"]


class StoredTarget(TargetOnKart):
    """One entry in one format.

    Args:
        entry: Where the result lies.
        format: How it is written and read.
        task: What the manifest says of the task.
    """

    def __init__(self, entry: Entry, format: Format[Any], task: Mapping[str, Any]) -> None:  # noqa: A002
        self._entry = entry
        self._format = format
        self._task = task

    def _exists(self) -> bool:
        return self._entry.is_complete()

    def _load(self) -> Any:
        return self._format.read(Artefact(self._entry))

    def _dump(self, obj: Any, *_: object, **__: object) -> None:
        with self._entry.writing(self._task) as folder:
            self._format.write(obj, folder)

    def _remove(self) -> None:
        self._entry.delete()

    def _last_modification_time(self) -> datetime:
        path = self._entry.store.local_path(f"{self._entry.prefix}/{MANIFEST_NAME}")
        return datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)  # noqa: UP017

    def _path(self) -> str:
        return f"{self._entry.store.url}/{self._entry.prefix}"

    def _get_task_lock_params(self) -> TaskLockParams:
        # Two writers of one entry never meet (see Entry), so there is nothing to lock.
        return make_task_lock_params(
            file_path=self._path(),
            unique_id=self._entry.unique_id,
            redis_host=None,
            redis_port=None,
            redis_timeout=None,
        )
