"""Factories of task graphs, installed for the length of one benchmark."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["installed_factory"]

_METADATA = "Metadata-Version: 2.1\nName: bench-factories\nVersion: 1.0\n"


@contextmanager
def installed_factory(name: str, place: str) -> Iterator[Path]:
    """Make `place`, as `module:function`, an entry point here and in workers; lend a folder."""
    with tempfile.TemporaryDirectory() as lent:
        folder = Path(lent)
        info = folder / "bench_factories-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(_METADATA)
        (info / "entry_points.txt").write_text(f"[yule_runner.factories]\n{name} = {place}\n")
        paths = [str(folder), str(Path(__file__).parents[1])]
        sys.path[:0] = paths
        before = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [*paths, before]))
        try:
            yield folder
        finally:
            del sys.path[:2]
            os.environ.pop("PYTHONPATH")
            if before is not None:
                os.environ["PYTHONPATH"] = before
