"""The official client and kubectl on the simulator."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client, config, watch
from yule_runner.testing.kubernetes import Cluster, ClusterServer, Role, serve
from yule_runner.testing.kubernetes.kubelet import ProcessKubelet

Json = dict[str, Any]

READER = "what the reader shows"

needs_kubectl = pytest.mark.skipif(
    shutil.which("kubectl") is None, reason="this machine has no kubectl"
)


def job(name: str, **spec: Any) -> Json:
    container = {"name": "main", "image": "yule", "command": ["true"]}
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"restartPolicy": "Never", "containers": [container]},
    }
    return {
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": spec | {"template": template},
    }


@pytest.fixture
def server() -> Iterator[ClusterServer]:
    with serve(Cluster()) as server:
        yield server


@pytest.fixture
def kubeconfig(server: ClusterServer, tmp_path: Path) -> Path:
    return server.write_kubeconfig(tmp_path / "kubeconfig")


@pytest.fixture
def batch(kubeconfig: Path) -> Iterator[client.BatchV1Api]:
    with config.new_client_from_config(str(kubeconfig)) as api:
        yield client.BatchV1Api(api)


def test_the_official_client_creates_watches_and_deletes(batch: client.BatchV1Api) -> None:
    batch.create_namespaced_job("default", job("a", suspend=True))
    batch.create_namespaced_job("default", job("b", suspend=True))
    version = batch.list_namespaced_job("default").metadata.resource_version
    batch.delete_namespaced_job("a", "default", propagation_policy="Background")

    events = watch.Watch().stream(
        batch.list_namespaced_job, "default", resource_version=version, _request_timeout=10
    )
    first = next(iter(events))

    assert (first["type"], first["object"].metadata.name) == ("DELETED", "a")
    selected = batch.list_namespaced_job("default", label_selector="app in (a, b),!c")
    assert [each.metadata.name for each in selected.items] == ["b"]


def test_a_version_that_is_gone_is_refused_as_a_status(
    server: ClusterServer, batch: client.BatchV1Api
) -> None:
    batch.create_namespaced_job("default", job("a", suspend=True))
    server.cluster.store.compact()

    with pytest.raises(client.ApiException, match="too old resource version") as refusal:
        next(iter(watch.Watch().stream(batch.list_namespaced_job, "default", resource_version="2")))
    assert refusal.value.status == 410


def test_lists_come_in_pages(batch: client.BatchV1Api) -> None:
    for name in ("a", "b", "c"):
        batch.create_namespaced_job("default", job(name, suspend=True))

    first = batch.list_namespaced_job("default", limit=2)
    second = batch.list_namespaced_job("default", limit=2, _continue=first.metadata._continue)

    assert [each.metadata.name for each in [*first.items, *second.items]] == ["a", "b", "c"]
    assert first.metadata.remaining_item_count == 1


def test_roles_name_what_is_forbidden(server: ClusterServer, tmp_path: Path) -> None:
    reader = Role(namespace="default", resources=("jobs",), verbs=("get", "list"))
    server.access.add("reader", READER, reader)
    path = server.write_kubeconfig(tmp_path / "reader", token=READER)
    with config.new_client_from_config(str(path)) as api:
        batch = client.BatchV1Api(api)
        assert not batch.list_namespaced_job("default").items
        with pytest.raises(
            client.ApiException, match='cannot create resource \\\\"jobs'
        ) as refusal:
            batch.create_namespaced_job("default", job("a"))
    assert refusal.value.status == 403


def run_kubectl(kubeconfig: Path, *arguments: str) -> str:
    environment = os.environ | {"KUBECONFIG": str(kubeconfig), "HOME": str(kubeconfig.parent)}
    command = ["kubectl", *arguments]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_kubectl
def test_kubectl_gets_waits_and_deletes(
    server: ClusterServer, batch: client.BatchV1Api, kubeconfig: Path
) -> None:
    server.access.let_everybody_in()
    batch.create_namespaced_job("default", job("a", suspend=True))

    kubectl = partial(run_kubectl, kubeconfig)
    assert kubectl("get", "jobs").split()[:7] == [
        "NAME",
        "STATUS",
        "COMPLETIONS",
        "DURATION",
        "AGE",
        "a",
        "Suspended",
    ]
    assert json.loads(kubectl("get", "job", "a", "--output=json"))["kind"] == "Job"
    assert "condition met" in kubectl("wait", "job/a", "--for=condition=Suspended", "--timeout=5s")
    assert "deleted" in kubectl("delete", "job", "a", "--cascade=background")
    assert not batch.list_namespaced_job("default").items


@needs_kubectl
def test_kubectl_waits_for_a_pod_and_reads_its_log(
    server: ClusterServer, batch: client.BatchV1Api, kubeconfig: Path, tmp_path: Path
) -> None:
    server.access.let_everybody_in()
    kubectl = partial(run_kubectl, kubeconfig)
    with ProcessKubelet(kubeconfig, tmp_path / "node"):
        body = job("a")
        body["spec"]["template"]["spec"]["containers"][0]["command"] = ["echo", "one"]
        batch.create_namespaced_job("default", body)
        assert "condition met" in kubectl(
            "wait", "pod", "--selector=app=a", "--for=jsonpath={.status.phase}=Succeeded"
        )
        assert kubectl("logs", "--selector=app=a") == "one\n"


@needs_kubectl
def test_kubectl_can_be_the_command_that_a_cluster_is_lent_to() -> None:
    kubectl = ["kubectl", "get", "nodes", "--output=name"]
    done = subprocess.run(
        [sys.executable, "-m", "yule_runner.testing.kubernetes", *kubectl],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stdout[:5]) == (0, "node/"), done.stderr
