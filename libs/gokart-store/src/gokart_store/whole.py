"""Local files that are written whole or not at all."""

import glob
import uuid
from pathlib import Path

__all__ = ["remove_drafts", "write_whole"]


def write_whole(path: Path, data: bytes | str) -> None:
    """Write a file by a rename: under its name it is complete, or as it was before.

    Args:
        path: The file; its folder must be there.
        data: Its bytes, or a text to write in UTF-8.

    Raises:
        OSError: If the disk takes no more; the error names `path`, and nothing is left behind.

    Example:
        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = Path(folder.name) / "answer.txt"
        >>> write_whole(path, "42")
        >>> path.read_text()
        '42'
        >>> folder.cleanup()
    """
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        draft.write_bytes(data.encode() if isinstance(data, str) else data)
        draft.replace(path)
    except OSError as error:
        error.filename = str(path)  # a full disk alone names no file
        raise
    finally:
        draft.unlink(missing_ok=True)


def remove_drafts(path: Path) -> None:
    """Remove what killed writers of a file have left beside it.

    Args:
        path: The file, which nobody may be writing now.
    """
    for draft in path.parent.glob(f".{glob.escape(path.name)}.{'[0-9a-f]' * 32}"):
        draft.unlink(missing_ok=True)
