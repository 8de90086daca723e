"""Which code runs: package versions, and the commit where the code lies in a git checkout."""

import platform
import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

__all__ = ["commit", "describe_code"]

_PACKAGES = (
    "gokart-store",
    "mushroom",
    "yule-models",
    "yule-runner",
    "yule-cli",
    "duckdb",
    "lightgbm",
    "scikit-learn",
    "torch",
)


def describe_code() -> dict[str, Any]:
    """Return the versions of the packages that make results, Python's, and the commit."""
    return {
        "commit": commit(),
        "packages": {name: version(name) for name in _PACKAGES},
        "python": platform.python_version(),
    }


@cache
def commit() -> str | None:
    """Return the commit, with `-dirty` where tracked files differ from it; None outside of git."""
    folder = Path(__file__).parent
    try:
        tracked = _git(folder, "ls-files", "--error-unmatch", "code.py")
        if not tracked:
            return None
        head = _git(folder, "rev-parse", "HEAD")
        changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{head}-dirty" if changed else head


def _git(folder: Path, *arguments: str) -> str:
    completed = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    )
    return completed.stdout.strip()
