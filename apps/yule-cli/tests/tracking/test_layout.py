"""A new MLflow store is there whole, or not at all, whenever its maker is killed."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from yule_cli.tracking.layout import lay_out
from yule_cli.tracking.place import sqlite_uri
from yule_cli.tracking.quiet import quiet_mlflow

LAY_OUT = """
import sys
from pathlib import Path
from yule_cli.tracking.layout import lay_out
from yule_cli.tracking.quiet import quiet_mlflow
with quiet_mlflow():
    lay_out(Path(sys.argv[1]))
"""


def test_a_killed_maker_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    database = tmp_path / "100 % odd.db"
    maker = subprocess.Popen([sys.executable, "-c", LAY_OUT, database])
    while not any(path.stat().st_size for path in tmp_path.glob(".100*")):
        with suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"it ended with {maker.wait(timeout=0.005)}")
    maker.kill()
    maker.wait(timeout=60)

    assert not database.exists()
    with quiet_mlflow():
        from mlflow import MlflowClient

        lay_out(database)
        found = MlflowClient(tracking_uri=sqlite_uri(database)).search_experiments()
    assert [experiment.name for experiment in found] == ["Default"]
