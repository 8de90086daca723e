"""Says on which line of a YAML file a fault lies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mushroom.document import read_document
from mushroom.errors import Fault

__all__ = ["describe_faults"]


def describe_faults(faults: Iterable[Fault], file: Path | None) -> str:
    """One line for each fault: file, line and field path, as far as they are known."""
    if file is None:
        return "\n".join(str(fault) for fault in faults)
    document = read_document(file)
    located = sorted((document.line(fault.path), str(fault)) for fault in faults)
    return "\n".join(f"{file}:{line}: {text}" for line, text in located)
