"""A copy of the cluster's objects that never stops without a word."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from yule_runner.kubernetes import Patience
from yule_runner.kubernetes.api import JOBS, PODS, ClusterApi
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.errors import ClusterError
from yule_runner.kubernetes.keeping import keeper_of
from yule_runner.kubernetes.reflector import Reflector
from yule_runner.testing.kubernetes import Cluster, Fault, serve

JOB: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "j", "labels": {"a": "b"}},
    "spec": {
        "suspend": True,
        "template": {
            "spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "i"}]}
        },
    },
}


def test_of_an_object_only_what_is_read_is_kept() -> None:
    state = {"name": "main", "image": "i", "state": {"running": {}}}
    status = {"phase": "Running", "hostIP": "::1", "containerStatuses": [state | {"imageID": "i"}]}
    pod = {
        "metadata": {"name": "p", "uid": "1", "managedFields": [{"manager": "kubelet"}] * 9},
        "spec": {"nodeName": "n", "containers": [{"command": ["python"], "env": []}]},
        "status": status,
    }
    assert keeper_of(PODS)(pod) == {
        "metadata": {"name": "p", "uid": "1"},
        "spec": {"nodeName": "n"},
        "status": {"phase": "Running", "containerStatuses": [state]},
    }
    limits = {"resources": {"limits": {"memory": "1Gi"}}}
    kept = {"spec": {"containers": [limits], "affinity": {"a": 1}}}
    template = {"spec": {"containers": [limits | {"image": "i"}], "affinity": {"a": 1}, "v": []}}
    job = {"metadata": {"name": "j"}, "spec": {"completions": 2, "template": template}}
    assert keeper_of(JOBS)(job) == {
        "metadata": {"name": "j"},
        "spec": {"completions": 2, "template": kept},
        "status": {},
    }


def test_what_nobody_expected_is_an_error_and_not_silence(tmp_path: Path) -> None:
    seen: list[ClusterError | None] = []

    def listen(before: object, after: object) -> None:
        seen.append(reflector.error)
        if reflector.error is None:
            raise ZeroDivisionError("division by zero")

    with serve(Cluster()) as server:
        api = ClusterApi(lambda: connect(server.write_kubeconfig(tmp_path / "config")), "default")
        reflector = Reflector(api, JOBS, "a=b", patience=Patience(), on_change=listen)
        reflector.start()
        reflector.join(30)

    assert not reflector.is_alive()
    first, last = seen
    assert first is None
    assert isinstance(last, ClusterError)
    assert "(ZeroDivisionError: division by zero). Start the run again" in str(last)


def test_an_answer_that_comes_after_the_end_does_not_bring_an_object_back(tmp_path: Path) -> None:
    changed = threading.Event()
    with serve(Cluster()) as server:
        kubeconfig = server.write_kubeconfig(tmp_path / "config")
        api = ClusterApi(lambda: connect(kubeconfig), "default")
        reflector = Reflector(
            api, JOBS, "a=b", patience=Patience(), on_change=lambda *_: changed.set()
        )
        created = api.create(JOBS, JOB)
        reflector.start()
        wait(lambda: "j" in reflector.objects(), changed)
        answer = api.merge(JOBS, "j", {"metadata": {"annotations": {"used": "yes"}}})
        version = api.get(JOBS, "j")["metadata"]["resourceVersion"]
        api.delete(JOBS, "j", uid=created["metadata"]["uid"], version=version, policy="Background")
        wait(lambda: not reflector.objects(), changed)

        reflector.note(answer)
        assert not reflector.objects()
        next_one = api.create(JOBS, JOB)
        reflector.note(next_one)
        assert reflector.objects()["j"]["metadata"]["uid"] == next_one["metadata"]["uid"]
        reflector.stop()
        api.close()


def test_an_event_that_was_lost_is_made_up_for_by_a_list(tmp_path: Path) -> None:
    changed = threading.Event()
    with serve(Cluster()) as server:  # its clock stands still: no watch ends, no bookmark comes
        kubeconfig = server.write_kubeconfig(tmp_path / "config")
        api = ClusterApi(lambda: connect(kubeconfig), "default")
        server.faults.add(Fault(kind="drop", verb="watch", plural="jobs"))
        patience = Patience(relist_s=0)
        reflector = Reflector(
            api, JOBS, "a=b", patience=patience, on_change=lambda *_: changed.set()
        )
        api.create(JOBS, JOB)
        reflector.start()
        wait(lambda: "j" in reflector.objects() and server.faults.struck == 1, changed)
        metadata = api.get(JOBS, "j")["metadata"]

        api.delete(
            JOBS,
            "j",
            uid=metadata["uid"],
            version=metadata["resourceVersion"],
            policy="Background",
        )

        api.create(JOBS, JOB | {"metadata": {"name": "k", "labels": {"a": "b"}}})
        wait(lambda: reflector.objects().keys() == {"k"}, changed)
        reflector.stop()
        api.close()


def watch(api: ClusterApi, changed: threading.Event, patience: Patience | None = None) -> Reflector:
    """Return a copy of the Jobs that says when it has changed."""
    return Reflector(
        api,
        JOBS,
        "a=b",
        patience=patience or Patience(),
        on_change=lambda before, after: changed.set(),  # noqa: ARG005
    )


def wait(ready: Callable[[], bool], changed: threading.Event) -> None:
    """Wait for the copy to have changed so."""
    end = time.monotonic() + 30
    while not ready():
        assert time.monotonic() < end
        changed.wait(0.05)
        changed.clear()
