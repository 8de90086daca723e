"""The way to a cluster from inside of it, and from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from kubernetes.config import incluster_config
from yule_runner.kubernetes.connecting import connect
from yule_runner.testing.kubernetes import Cluster, serve


def test_neither_client_sends_anything_twice_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(Cluster()) as server:
        outside = connect(server.write_kubeconfig(tmp_path / "kubeconfig"))
    for name in ("TOKEN", "CERT"):
        (tmp_path / name).write_text("x")
        monkeypatch.setattr(incluster_config, f"SERVICE_{name}_FILENAME", str(tmp_path / name))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    # A real certificate is not needed: none is read before something is sent.
    monkeypatch.setattr("ssl.SSLContext.load_verify_locations", lambda *_, **__: None)
    inside = connect()

    assert inside.configuration.host == "https://10.0.0.1:443"
    assert inside.configuration.retries is outside.configuration.retries is False
