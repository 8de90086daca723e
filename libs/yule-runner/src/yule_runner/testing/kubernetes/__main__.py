"""`python -m yule_runner.testing.kubernetes COMMAND ...`: a command, and a cluster while it runs.

The command finds a simulated cluster through `KUBECONFIG`; pods run as processes of this machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from yule_runner.testing.kubernetes import Cluster, VirtualClock, serve
from yule_runner.testing.kubernetes.kubelet import ProcessKubelet

__all__ = ["main"]


def main(command: list[str]) -> int:
    """Run a command beside a cluster; return its exit code."""
    if not command or command[0].startswith("-"):
        sys.stderr.write("Usage: python -m yule_runner.testing.kubernetes COMMAND [ARGUMENT ...]\n")
        return 2
    with (
        tempfile.TemporaryDirectory(prefix="cluster-") as folder,
        serve(Cluster(VirtualClock(time.time())), speed=10) as server,
    ):
        server.access.let_everybody_in()  # kubectl is a command, too
        kubeconfig = server.write_kubeconfig(Path(folder, "kubeconfig"))
        with ProcessKubelet(kubeconfig, Path(folder, "node")):
            variables = os.environ | {"KUBECONFIG": str(kubeconfig)}
            return subprocess.run(command, env=variables, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
