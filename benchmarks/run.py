"""Runs one benchmark by its name, or lists them all: `python benchmarks/run.py NAME`."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import suite
from harness import BenchmarkError, Result

# Where it is set, as in many containers, compiling is measured: nothing that is loaded is kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def main(arguments: list[str]) -> int:
    """Run what is named; return 0 where its goal is met, 1 where not, 2 where it cannot run."""
    known = {module.name.replace("_", "-"): module.name for module in iter_modules(suite.__path__)}
    if not arguments:
        for name, module in sorted(known.items()):
            print(f"{name:16}{_sentence(module)}")
        return 0
    if len(arguments) > 1 or arguments[0] not in known:
        print(f"Name one of {', '.join(sorted(known))}; got {arguments}.", file=sys.stderr)
        return 2
    try:
        result: Result = import_module(f"suite.{known[arguments[0]]}").measure()
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 2
    print(result.to_line(arguments[0]), flush=True)
    return 0 if result.is_met else 1


def _sentence(module: str) -> str:
    """Return the first line of a module's docstring, without loading what the module needs."""
    path = Path(suite.__path__[0]) / f"{module}.py"
    return path.read_text(encoding="utf-8").partition('"""')[2].partition("\n")[0].strip('"')


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
