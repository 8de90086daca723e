"""Case files, changed and resolved."""

from pathlib import Path

import pytest
from yule_cli.config import load_case
from yule_cli.errors import CaseError
from yule_cli.resolution import ResolvedCase, resolve
from yule_cli.state import State

__all__ = ["edit", "problem", "resolved"]


def resolved(path: Path) -> ResolvedCase:
    """The case of a file."""
    case, document = load_case(path)
    return resolve(case, document, State.of(case, document))


def problem(path: Path) -> str:
    """Why the case of a file is refused."""
    with pytest.raises(CaseError) as caught:
        resolved(path)
    return str(caught.value)


def edit(path: Path, old: str, new: str) -> None:
    """Change what stands in a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
