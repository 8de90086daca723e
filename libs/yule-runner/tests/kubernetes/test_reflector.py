"""A copy of the cluster's objects that never stops without a word."""

from __future__ import annotations

from pathlib import Path

from yule_runner.kubernetes import Patience
from yule_runner.kubernetes.api import JOBS, PODS, ClusterApi
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.errors import ClusterError
from yule_runner.kubernetes.keeping import keeper_of
from yule_runner.kubernetes.reflector import Reflector
from yule_runner.testing.kubernetes import Cluster, serve


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

    def listen() -> None:
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
