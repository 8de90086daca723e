"""One container: a process group, and the log of what it writes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from yule_runner.testing.kubernetes.kubelet.environment import command_line, variables

__all__ = ["ContainerProcess"]

Json = dict[str, Any]

_INHERITED = ("LANG", "LC_ALL", "PYTHONPATH", "TZ", "VIRTUAL_ENV")


class ContainerProcess:
    """Starts a container's command in a process group of its own.

    Args:
        pod: whose container it is.
        container: its spec.
        folder: where it runs, and finds its temporary files.
        log: the file that gets its output; each line with its time before it.
        environment: what the node gives to all of its containers.
        kubeconfig: for pods with the token of a service account, which lies in files elsewhere.

    Raises:
        ValueError: the container cannot be run as a process.
        OSError: there is no such program.
    """

    def __init__(
        self,
        pod: Json,
        container: Json,
        folder: Path,
        log: Path,
        *,
        kubeconfig: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        values = variables(pod, container)
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        # The command `python` is to be the one that runs the tests, as an image would have it.
        if kubeconfig is not None and pod["spec"].get("automountServiceAccountToken"):
            inherited["KUBECONFIG"] = str(kubeconfig)
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            command_line(container, values),
            cwd=container.get("workingDir") or folder,
            env={**inherited, "PATH": path, "TMPDIR": str(folder), **(environment or {}), **values},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._pump = threading.Thread(target=self._copy, args=(log,), daemon=True)
        self._pump.start()

    def signal(self, signum: int) -> None:
        """Send a signal to the whole process group, if anything is left of it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signum)

    def wait(self, timeout_s: float | None = None) -> int | None:
        """Wait for the end; return the exit code as a shell would, or None at the timeout."""
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None
        # Nothing of a container outlives its first process.
        self.signal(signal.SIGKILL)
        self._pump.join()
        return 128 - code if code < 0 else code

    def _copy(self, log: Path) -> None:
        output: IO[bytes] | None = self._process.stdout
        if output is None:
            return
        with output, log.open("ab", buffering=0) as file:
            for line in output:
                now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
                file.write(now.encode() + b" " + line.rstrip(b"\n") + b"\n")
