"""Imports the modules that a file lists, and nothing else: `python -m reference.imports FILE`."""

from __future__ import annotations

import contextlib
import json
import sys
import warnings
from importlib import import_module
from pathlib import Path

warnings.simplefilter("ignore")
for name in json.loads(Path(sys.argv[1]).read_text()):
    if name != "__main__" and name not in sys.modules:
        # Some are made at run time, and not to be imported.
        with contextlib.suppress(Exception):
            import_module(name)
