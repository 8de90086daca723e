"""`yule run`, writing at its end which modules it has loaded, for the benchmark `rerun`.

python -m reference.rerun CASE MODULES.json
"""

from __future__ import annotations

import atexit
import json
import sys
from pathlib import Path


def main(case: str, modules: str) -> None:
    """Run the case."""
    atexit.register(lambda: Path(modules).write_text(json.dumps(list(sys.modules))))
    sys.argv = ["yule", "run", case, "--json"]
    from yule_cli.main import main as yule

    yule()


if __name__ == "__main__":
    main(*sys.argv[1:])
