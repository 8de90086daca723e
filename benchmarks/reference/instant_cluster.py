"""A simulated cluster in a process of its own, whose pods do their work without starting.

`python -P -m reference.instant_cluster FOLDER` writes a kubeconfig for each driver, prints `ready`,
and at each line of its input prints how many requests each driver has sent. It ends with its input.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from gokart_store import open_store, run_task
from yule_runner.messages import TaskBegan, TaskEnded
from yule_runner.order import StoredOrder
from yule_runner.pod_files import pod_prefix
from yule_runner.testing.kubernetes import Cluster, ClusterServer, VirtualClock, serve
from yule_runner.testing.kubernetes.kubelet.statuses import ContainerState, pod_status
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.worker.journal import Journal
from yule_runner.worker.orders import OrderBook
from yule_runner.worker.share import Share

Json = dict[str, Any]

_SPEED = 20
_SETTLES_S, _HELD_S, _BEAT_S = 3.0, 30.0, 10.0
_INDEX = "batch.kubernetes.io/job-completion-index"
_DRIVERS = {"ours": "the badge of ours", "reference": "the badge of the reference"}


def main(folder: Path) -> None:
    """Serve until the input ends."""
    with serve(Cluster(VirtualClock(time.time())), speed=_SPEED) as server:
        server.cluster.add_node("instant", allocatable={"pods": "1000"})
        for name, token in _DRIVERS.items():
            server.access.add(name, token, *server.access.roles("admin"))
            server.write_kubeconfig(folder / f"kubeconfig-{name}", token=token)
        held: dict[str, float] = {}
        threading.Thread(target=_work, args=(server, held), daemon=True).start()
        print("ready", flush=True)
        for _ in sys.stdin:
            totals = dict.fromkeys(_DRIVERS, 0)
            for (user, _verb, _plural), count in server.counts.copy().items():
                totals[user] += count
            print(json.dumps(totals | held), flush=True)


def _work(server: ClusterServer, held: dict[str, float]) -> None:
    """Do what the pods are for, oldest first; before that, let the first ones run for a while."""
    book, taken = OrderBook(), set[str]()
    _hold(server, held)
    while not server.is_over.wait(0.01):
        with server.cluster.lock:
            pods = server.cluster.store.objects(BY_KIND["Pod"])
        for pod in pods:
            if pod["spec"].get("nodeName") and pod["metadata"]["uid"] not in taken:
                taken.add(pod["metadata"]["uid"])
                _run(pod, book)
                _end(server, pod)


def _hold(server: ClusterServer, held: dict[str, float]) -> None:
    """Let the first Job's pods run, and beat, without bringing anything."""
    pods: list[Json] = []
    while not pods or any("nodeName" not in pod["spec"] for pod in pods):
        server.is_over.wait(_SETTLES_S)
        with server.cluster.lock:
            pods = server.cluster.store.objects(BY_KIND["Pod"])
    for pod in pods:
        container = pod["spec"]["containers"][0]
        state = ContainerState(name=container["name"], image=container["image"]).start()
        _write(server, pod, pod_status([state]))
    journals = [
        Journal(open_store(_options(pod)["--store"]).side_folder(_prefix(pod))) for pod in pods
    ]
    server.is_over.wait(_SETTLES_S)
    held["held_from"] = time.time()
    while time.time() < held["held_from"] + _HELD_S and not server.is_over.wait(_BEAT_S):
        for journal in journals:
            journal.beat()
    held["held_until"] = time.time()


def _run(pod: Json, book: OrderBook) -> None:
    options = _options(pod)
    if "--store" not in options:
        return  # the reference's pods do nothing: their requests alone are counted
    order = StoredOrder(store=options["--store"], sha256=options["--sha256"])
    index = int(pod["metadata"]["annotations"][_INDEX])
    share = Share(index=index, size=int(options["--per-index"]))
    task_ids = share.of(book.order(order).task_ids)
    with open_store(order.store).sharing(_prefix(pod)) as folder:
        journal = Journal(folder)
        for task_id, task in zip(task_ids, book.tasks(order, task_ids), strict=True):
            journal.tell(TaskBegan(task_id=task_id))
            record = run_task(task)
            if record is not None:
                journal.tell(TaskEnded(record=record))


def _options(pod: Json) -> dict[str, str]:
    words = pod["spec"]["containers"][0]["command"]
    return dict(zip(words[5::2], words[6::2], strict=True)) if "--store" in words else {}


def _prefix(pod: Json) -> str:
    metadata = pod["metadata"]
    labels = metadata["labels"]
    job, uid = (labels[f"batch.kubernetes.io/{name}"] for name in ("job-name", "controller-uid"))
    return pod_prefix(job, uid, int(metadata["annotations"][_INDEX]), metadata["name"])


def _end(server: ClusterServer, pod: Json) -> None:
    container = pod["spec"]["containers"][0]
    state = ContainerState(name=container["name"], image=container["image"]).start().end(0)
    _write(server, pod, pod_status([state], is_over=True))


def _write(server: ClusterServer, pod: Json, status: Json) -> None:
    metadata = pod["metadata"]
    place = (BY_KIND["Pod"], metadata["namespace"], metadata["name"])
    with server.cluster.lock:
        body = server.cluster.api.get(*place)
        changed = body | {"status": body["status"] | status}
        server.cluster.api.update(*place, changed, subresource="status")
        server.cluster.settle()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
