"""What a first run of Yule loads and opens before and beside its work, timed part by part.

Prints JSON: seconds of the driver's imports, of MLflow's first opening, and of the start of as many
workers as there are cores, up to their having loaded the libraries that models need.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from importlib import import_module

from gokart_store import collector_at_rest

_WORKER = """
from gokart_store import collector_at_rest

with collector_at_rest():
    import yule_runner.commands.work, yule_runner.commands.plan, yule_runner.worker.serve
    import yule_cli.graph
import duckdb, lightgbm, sklearn.linear_model, torch
import yule_models.estimators.neural, yule_models.training
"""


def main() -> None:
    """Time the parts, one after another, as a run meets them."""
    parts = {}
    for name, part in (("imports", _imports), ("mlflow", _mlflow), ("workers", _workers)):
        started = time.perf_counter()
        part()
        parts[name] = time.perf_counter() - started
    print(json.dumps(parts))


def _imports() -> None:
    import_module("yule_cli.main")
    with collector_at_rest():
        import_module("yule_cli.driver")
    import_module("matplotlib.backends.backend_svg")


def _mlflow() -> None:
    from yule_cli.tracking.quiet import quiet_mlflow

    with tempfile.TemporaryDirectory() as folder, quiet_mlflow():
        from mlflow import MlflowClient

        MlflowClient(tracking_uri=f"sqlite:///{folder}/mlflow.db").create_experiment("first")


def _workers() -> None:
    workers = [
        subprocess.Popen([sys.executable, "-P", "-c", _WORKER])
        for _ in range(len(os.sched_getaffinity(0)))
    ]
    assert [worker.wait() for worker in workers] == [0] * len(workers)


if __name__ == "__main__":
    main()
