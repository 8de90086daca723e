"""A simulated cluster whose pods run in processes that are there already, and can be preempted.

`python -P -m reference.warm_cluster FOLDER PODS` writes `FOLDER/kubeconfig`, prints `ready`, and
answers each line of its input by a line: what the pods have done since the line before. A line is
a JSON object: `preempt`, the share of the first pods of all indexes that are to be preempted, and
`seed`, by which they and the moments are chosen. It ends with its input.
"""

from __future__ import annotations

import json
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from yule_runner.order import StoredOrder, read_order
from yule_runner.testing.kubernetes import Cluster, VirtualClock, serve
from yule_runner.testing.kubernetes.kubelet.api import KubeletApi
from yule_runner.testing.kubernetes.kubelet.environment import command_line, variables
from yule_runner.testing.kubernetes.kubelet.statuses import (
    ContainerState,
    disruption,
    now_text,
    pod_status,
)
from yule_runner.worker.share import Share

Json = dict[str, Any]

_NODE = "warm"
_DECK = 10
_INDEX = "batch.kubernetes.io/job-completion-index"
_JOB = "batch.kubernetes.io/job-name"


class _Worker:
    """A process that does the work of one pod at a time."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", "reference.warm_worker"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)

    def run(self, pod: Json) -> Json:
        """Do what a pod's container is to do."""
        container = pod["spec"]["containers"][0]
        environment = variables(pod, container)
        environment["JOB_COMPLETION_INDEX"] = pod["metadata"]["annotations"][_INDEX]
        asked = {"environment": environment, "command": command_line(container, environment)}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        done: Json = json.loads(self.process.stdout.readline())
        return done


class _Node:
    """A kubelet's place, taken by warm processes."""

    def __init__(self, kubeconfig: Path, pods: int) -> None:
        self._api = KubeletApi(kubeconfig, _NODE)
        room = {"cpu": str(pods), "memory": "256Gi", "pods": "110"}
        self._api.register({}, [], {"allocatable": room, "capacity": room})
        self._workers: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for _ in range(pods):
            self._workers.put(_Worker())
        self._lock = threading.Lock()
        self._taken: set[str] = set()
        self._lasted: dict[tuple[str, ...], float] = {}
        self.ask({})

    def ask(self, options: Json) -> Json:
        """Begin to count anew; return what was done until now."""
        with self._lock:
            done = getattr(self, "_done", {})
            self._share = float(options.get("preempt", 0))
            self._chances = random.Random(options.get("seed", 0))  # noqa: S311 - no secret
            self._met: set[tuple[str, str]] = set()
            self._owed = 0
            self._deck: list[bool] = []
            self._done: Json = {"pods": 0, "told": 0, "preempted": 0, "seconds": 0.0, "cpu_s": 0.0}
        return done

    def watch(self) -> None:
        """Take pods, for ever."""
        while True:
            listed, version = self._api.pods()
            for pod in listed:
                self._see(pod)
            for kind, pod in self._api.watch(version):
                if kind == "ERROR":
                    break
                self._see(pod)

    def _see(self, pod: Json) -> None:
        uid = pod["metadata"]["uid"]
        if uid not in self._taken:
            self._taken.add(uid)
            threading.Thread(target=self._run, args=(pod,), daemon=True).start()

    def _run(self, pod: Json) -> None:
        container = pod["spec"]["containers"][0]
        state = ContainerState(name=container["name"], image=container["image"]).start()
        worker = self._workers.get()
        self._api.write_status(pod, pod_status([state]) | {"startTime": now_text()})
        tasks = _tasks(pod)
        after_s = self._fate(pod, tasks)
        timer, was_told = None, threading.Event()
        if after_s is not None:
            timer = threading.Timer(after_s, _preempt, (worker, was_told))
            timer.start()
        done = worker.run(pod)
        self._workers.put(worker)
        if timer is not None:
            timer.cancel()
        is_preempted = done["code"] == 128 + signal.SIGTERM
        with self._lock:
            if not is_preempted:
                self._lasted[tasks] = done["seconds"]
                self._owed += after_s is not None and not was_told.is_set()
            self._done["pods"] += 1
            self._done["told"] += was_told.is_set()
            self._done["preempted"] += is_preempted
            for name in ("seconds", "cpu_s"):
                self._done[name] += done[name]
        conditions = [disruption("the node goes")] if is_preempted else []
        ended = pod_status([state.end(done["code"])], is_over=True, conditions=conditions)
        self._api.write_status(pod, ended)

    def _fate(self, pod: Json, tasks: tuple[str, ...]) -> float | None:
        """Return after how many seconds a pod is preempted: any of those that its tasks take.

        One that ends before its moment has another preempted in its place.
        """
        metadata = pod["metadata"]
        place = (metadata["labels"][_JOB], metadata["annotations"][_INDEX])
        with self._lock:
            is_first = place not in self._met
            self._met.add(place)
            is_meant = is_first and self._is_chosen()
            if is_first and not is_meant and self._owed:
                self._owed, is_meant = self._owed - 1, True
            lasts_s = self._lasted.get(tasks, 1.0)
            return self._chances.random() * lasts_s if is_meant else None

    def _is_chosen(self) -> bool:
        """Choose the wanted share of each ten, at random."""
        if not self._deck:
            chosen = round(_DECK * self._share)
            self._deck = [True] * chosen + [False] * (_DECK - chosen)
            self._chances.shuffle(self._deck)
        return self._deck.pop()


def _preempt(worker: _Worker, was_told: threading.Event) -> None:
    was_told.set()
    worker.process.send_signal(signal.SIGTERM)


def _tasks(pod: Json) -> tuple[str, ...]:
    """Return the ids of a pod's tasks, which are the same in every store."""
    words = pod["spec"]["containers"][0]["command"]
    options = dict(zip(words[5::2], words[6::2], strict=True))
    order = read_order(StoredOrder(store=options["--store"], sha256=options["--sha256"]))
    index = int(pod["metadata"]["annotations"][_INDEX])
    return Share(index=index, size=int(options["--per-index"])).of(order.task_ids)


def main(folder: Path, pods: int) -> None:
    """Serve until the input ends."""
    with serve(Cluster(VirtualClock(time.time())), speed=1) as server:
        kubeconfig = server.write_kubeconfig(folder / "kubeconfig")
        node = _Node(kubeconfig, pods)
        threading.Thread(target=node.watch, daemon=True).start()
        print("ready", flush=True)
        for line in sys.stdin:
            print(json.dumps(node.ask(json.loads(line))), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
