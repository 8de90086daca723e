"""What is tried with wheels that are installed without the sources."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from workspace import PYTHONS, ROOT, pythons_beside_path

__all__ = ["EXAMPLE", "alone", "interpreters", "mushroom_problems", "try_products"]

EXAMPLE = ROOT / "examples" / "online-retail"
_OPTIONS: list[str | Path] = [EXAMPLE / "catalog.yaml", "--warehouse", f"duckdb:{EXAMPLE / 'data'}"]
_CUSTOMERS = "4372"
_QUESTION = f"""
import sys
from pathlib import Path
from gokart_store import run_task
from mushroom import Download, Source, load_catalog
catalog = load_catalog({str(EXAMPLE / "catalog.yaml")!r})
source = Source.of("duckdb:data", root=Path({str(EXAMPLE)!r}), catalog=catalog)
task = Download(method="entity_activity", tables={{"events": "purchases"}},
                parameters={{"until": "2012-01-01"}}, workspace_directory=sys.argv[1],
                **source.arguments())
run_task(task)
print(task.result().num_rows)
"""


def interpreters() -> dict[str, str]:
    """The interpreters of the supported Pythons that this machine has, by version."""
    # Those of PATH last: a shim of pyenv may be there for a Python that it does not run.
    places = os.pathsep.join([*pythons_beside_path(), os.environ["PATH"]])
    found = {version: shutil.which(f"python{version}", path=places) for version in PYTHONS}
    return {version: path for version, path in found.items() if path}


def mushroom_problems(environment: Path) -> list[str]:
    """Ask mushroom for the example's customers; return what is wrong with the answer."""
    store = environment / "store"
    printed, code = alone([environment / "bin/python", "-c", _QUESTION, store], environment)
    if code or printed.strip() != _CUSTOMERS:
        return [f"{environment.name}: mushroom ended with {code} and printed {printed!r}."]
    print(f"{environment.name}: mushroom read the customers of the example")
    return []


def try_products(folder: Path) -> list[str]:
    """Run both products on the example; return what is wrong.

    Args:
        folder: The folder with an environment for each, of its name.
    """
    found = []
    for name, outputs in {
        "kpi-digest": ["--out", "digest.html"],
        "reactivation-list": ["--out", "list.csv", "--report", "report.md", "--model", "linear"],
    }.items():
        environment = folder / name
        command: list[str | Path] = [environment / "bin" / name, *_OPTIONS, *outputs]
        _, code = alone(command, environment)
        written = [environment / output for output in outputs if "." in output]
        if code or not all(path.exists() for path in written):
            found.append(f"{name} ended with exit status {code} on the example.")
        print(f"{name} ran from wheels")
    return found


def alone(command: Sequence[str | Path], folder: Path) -> tuple[str, int]:
    """Run a command in a folder, as if there were no sources; return its stdout and its status."""
    completed = subprocess.run(
        command,
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return completed.stdout, completed.returncode
