"""What is loaded often loads nothing heavy that it does not need. Counted, not timed."""

import subprocess
import sys

from loading import printed_and_loaded

HEAVY = (
    "duckdb",
    "gokart",
    "lightgbm",
    "luigi",
    "markdown_it",
    "matplotlib",
    "mlflow",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "pygments",
    "sklearn",
    "sqlglot",
    "tensorboard",
    "torch",
)


def test_help_loads_nothing_heavy() -> None:
    printed, loaded = printed_and_loaded(HEAVY, "--help")

    assert "One case file in, scores for everybody out." in printed
    assert loaded == "[]"


def test_a_pod_loads_no_engine_before_its_task_needs_one() -> None:
    engines = ("duckdb", "kubernetes", "lightgbm", "mlflow", "scipy", "sklearn", "torch")
    script = (
        "import sys, yule_runner.worker.pod, yule_cli.graph\n"
        f"print([name for name in {engines!r} if name in sys.modules])"
    )
    completed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert completed.stdout == "[]\n"
