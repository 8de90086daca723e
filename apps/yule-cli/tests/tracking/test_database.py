import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from yule_cli.tracking.database import lay_out
from yule_cli.tracking.quiet import quiet_mlflow

SCRIPT = """
import sys
from pathlib import Path
from urllib.parse import quote
from yule_cli.tracking.database import lay_out
from yule_cli.tracking.quiet import quiet_mlflow

with quiet_mlflow():
    lay_out(Path(sys.argv[1]))
"""


def tables(database: Path) -> set[str]:
    with sqlite3.connect(f"file:{quote(str(database))}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows}


def test_a_kill_in_between_leaves_no_database_and_the_next_one_makes_it(tmp_path: Path) -> None:
    database, draft = tmp_path / "100 % odd.db", tmp_path / ".100 % odd.db.new"
    child = subprocess.Popen([sys.executable, "-c", SCRIPT, database])
    while not (draft.exists() and draft.stat().st_size) and child.poll() is None:
        pass
    child.kill()

    assert child.wait() == -signal.SIGKILL
    assert draft.exists()
    assert not database.exists()
    with quiet_mlflow():
        lay_out(database)
    assert {"experiments", "runs", "metrics"} <= tables(database)
    assert not draft.exists()


def test_a_database_that_is_there_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "mlflow.db"
    database.write_bytes(b"somebody's")

    lay_out(database)

    assert database.read_bytes() == b"somebody's"
