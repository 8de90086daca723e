"""The data that the repository does not hold."""

from __future__ import annotations

import os
from pathlib import Path

from harness.errors import BenchmarkError

__all__ = ["data_folder"]

_VARIABLE = "YULE_BENCH_DATA"


def data_folder(name: str, *files: str) -> Path:
    """Return a folder of the data named by YULE_BENCH_DATA, which holds these files.

    Raises:
        BenchmarkError: If the variable is not set, or a file is missing.
    """
    root = os.environ.get(_VARIABLE)
    if not root:
        raise BenchmarkError(
            f"Set {_VARIABLE} to the folder with the data sets; benchmarks/README.md says what "
            "lies in it."
        )
    folder = Path(root).absolute() / name
    for file in files:
        if not (folder / file).is_file():
            raise BenchmarkError(
                f"{folder / file} is missing; benchmarks/README.md says what {_VARIABLE} must hold."
            )
    return folder
