"""Learning curves as TensorBoard files, written while a model is trained."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yule_models.estimators import CurvePoint

__all__ = ["CurveWriter"]


class CurveWriter:
    """Writes points of learning curves into a folder that TensorBoard watches.

    Event files that an earlier attempt left in the folder are removed, so that a fit started anew
    does not draw two curves over each other.

    Args:
        folder: Folder of one fit; made if it is missing.
        flush_s: Seconds after which written points are seen by others at the latest.
    """

    def __init__(self, folder: Path, *, flush_s: int = 3) -> None:
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.glob("events.out.tfevents.*"):
            stale.unlink()
        self._writer = EventFileWriter(str(folder), flush_secs=flush_s)

    def write(self, point: CurvePoint) -> None:
        """Add the values of one step."""
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        shown = dict(point.values)
        if point.seconds is not None:
            shown[f"{point.prefix}seconds"] = point.seconds
        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in shown.items()]
        event = Event(wall_time=time.time(), step=point.step, summary=Summary(value=values))
        self._writer.add_event(event)

    def close(self) -> None:
        """Write out what is left."""
        self._writer.close()

    def __enter__(self) -> CurveWriter:
        """Return the writer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the writer, after an error too: a broken fit shows how far it came."""
        self.close()
