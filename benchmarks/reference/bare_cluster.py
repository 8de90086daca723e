"""A simulated cluster without nodes, which knows when its latest pod was created.

`python -P -m reference.bare_cluster FOLDER` writes `FOLDER/kubeconfig`, prints `ready`, and answers
each line of its input by how many pods it has had, and when the first of the last Job was there.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

from yule_runner.testing.kubernetes import Cluster, ClusterServer, VirtualClock, serve
from yule_runner.testing.kubernetes.resources import BY_KIND

_LOOK_S = 0.005


def main(folder: Path) -> None:
    """Serve until the input ends."""
    seen: dict[str, float] = {"pods": 0, "latest": 0.0}
    with serve(Cluster(VirtualClock(time.time())), speed=1) as server:
        server.write_kubeconfig(folder / "kubeconfig")
        threading.Thread(target=_look, args=(server, seen), daemon=True).start()
        print("ready", flush=True)
        for _ in sys.stdin:
            print(json.dumps(seen), flush=True)


def _look(server: ClusterServer, seen: dict[str, float]) -> None:
    while not server.is_over.wait(_LOOK_S):
        with server.cluster.lock:
            count = len(server.cluster.store.objects(BY_KIND["Pod"]))
        if count > seen["pods"]:
            seen.update(latest=time.time(), pods=count)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
