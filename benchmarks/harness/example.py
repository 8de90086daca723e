"""The example case, in a folder of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from harness.children import timed

__all__ = ["EXAMPLE", "copy_example", "yule_run"]

EXAMPLE = Path(__file__).parents[2] / "examples" / "online-retail"


def copy_example(folder: Path) -> Path:
    """Copy the example without anything it has computed; return its case file."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".yule"))
    return folder / "case.yaml"


def yule_run(case: Path) -> tuple[float, dict[str, Any]]:
    """Run a case as a person would; return the wall-clock seconds and the summary."""
    command = "import sys; from yule_cli.main import main; sys.argv[0] = 'yule'; main()"
    seconds, printed = timed(["-P", "-c", command, "run", str(case), "--json"])
    return seconds, json.loads(printed)
