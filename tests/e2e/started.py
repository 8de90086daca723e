"""The `yule` command in processes that a test watches and signals, or mounts something for."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

YULE = Path(sys.executable).with_name("yule")
_LOOK_S = 0.02
_PRIVATE_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")


@dataclass(frozen=True, kw_only=True)
class Started:
    """A run in a session of its own, as a terminal starts one.

    Attributes:
        process: The run.
        said: Where its stderr goes.
    """

    process: subprocess.Popen[str]
    said: Path

    def wait_for(self, has_come: Callable[[], object]) -> None:
        """Wait for a sign of how far the run is; the run must not end before it."""
        while not has_come():
            with suppress(subprocess.TimeoutExpired):
                code = self.process.wait(timeout=_LOOK_S)
                pytest.fail(f"ended with {code} before the sign came: {self.said.read_text()}")

    def signal(self, signum: signal.Signals) -> int:
        """Send SIGINT to the whole group, as a terminal does, anything else to the run alone."""
        if signum is signal.SIGINT:
            os.killpg(self.process.pid, signum)
        else:
            self.process.send_signal(signum)
        self.process.communicate(timeout=300)
        return self.process.returncode

    def printed(self) -> dict[str, Any]:
        """Wait for the end, and return what `--json` printed."""
        stdout, _ = self.process.communicate(timeout=900)
        assert self.process.returncode == 0, self.said.read_text()
        printed: dict[str, Any] = json.loads(stdout)
        return printed


def start_run(case: Path, said: Path) -> Started:
    """Start `yule run CASE --json`."""
    with said.open("w") as stderr:
        process = subprocess.Popen(
            [YULE, "run", case, "--json"],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )
    return Started(process=process, said=said)


def run_mounted(mount: Sequence[str], folder: Path, case: Path) -> subprocess.CompletedProcess[str]:
    """Run a case with something mounted on a folder that nobody else sees.

    Args:
        mount: Shell commands, which find the folder as `$1`.
        folder: The folder; it is made where it is missing.
        case: The case file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    script = " && ".join([*mount, 'exec "$2" run "$3"'])
    completed = subprocess.run(
        [*_PRIVATE_MOUNTS, script, "sh", folder, YULE, case],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if completed.stderr.startswith(("unshare:", "mount:")):
        pytest.skip(f"no file system can be mounted here: {completed.stderr.strip()}")
    return completed


def stored(state: Path) -> set[Path]:
    """Return the manifests of all stored results."""
    return set((state / "store" / "cache").glob("*/*/*/manifest.json"))


def tracked(database: Path) -> dict[str, str]:
    """Return the status of each run in an MLflow database."""
    if not database.exists():
        return {}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT run_uuid, status FROM runs").fetchall())


def published(folder: Path) -> dict[str, bytes]:
    """Return the bytes of published predictions by file name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}
