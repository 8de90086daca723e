"""What is loaded often loads nothing heavy that it does not need. Counted, not timed."""

import subprocess
import sys

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
    script = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print([name for name in {HEAVY!r} if name in sys.modules]))\n"
        "sys.argv = ['yule', '--help']\n"
        "from yule_cli.main import main\n"
        "main()"
    )

    completed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert "One case file in, scores for everybody out." in completed.stdout
    assert completed.stdout.splitlines()[-1] == "[]"


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
