"""`yule --help` must answer at once, so it loads nothing heavy. Counted, not timed."""

import subprocess
import sys

HEAVY = (
    "duckdb",
    "gokart",
    "lightgbm",
    "luigi",
    "matplotlib",
    "mlflow",
    "numpy",
    "pandas",
    "pyarrow",
    "sklearn",
    "sqlglot",
    "tensorboard",
    "torch",
)


def test_help_loads_nothing_heavy() -> None:
    script = (
        f"import sys, yule_cli.main; print([name for name in {HEAVY!r} if name in sys.modules])"
    )

    completed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert completed.stdout.strip() == "[]"
