"""Where fits of a task keep how far they came, on whichever machine the next attempt runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gokart_store import StoredTask

from yule_models.registry import describe_kind

__all__ = ["checkpoints"]


@contextmanager
def checkpoints(task: StoredTask[Any], kind: str) -> Iterator[Path | None]:
    """Lend a folder with what an earlier attempt left; it is emptied where the block ends well.

    Args:
        task: The task that fits.
        kind: Kind of its model; None is lent to kinds that go on from nothing.
    """
    if not describe_kind(kind).resumes:
        yield None
        return
    task.shared_folder("checkpoints")
    with task.sharing("checkpoints") as folder:
        yield folder
        for path in folder.iterdir():
            path.unlink()
