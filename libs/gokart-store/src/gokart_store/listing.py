"""What lies in a local folder and in the folders below it."""

import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["file_sizes"]


def file_sizes(folder: Path) -> dict[str, int]:
    """Return the size in bytes of each file, by its path below the folder, sorted; {} for none."""
    try:
        return dict(sorted(_files(os.fspath(folder), "")))
    except (FileNotFoundError, NotADirectoryError):
        return {}


def _files(folder: str, prefix: str) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, f"{prefix}{entry.name}/")
            elif entry.is_file():
                yield f"{prefix}{entry.name}", entry.stat().st_size
