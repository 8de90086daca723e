"""Commands that look at a cluster which does not answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner
from yule_cli.cluster_run import ClusterRun
from yule_cli.config import load_case
from yule_cli.main import app
from yule_cli.state import State
from yule_runner.testing.kubernetes import Cluster, serve


@pytest.mark.parametrize("command", ["status", "logs", "cancel"])
def test_a_cluster_that_is_away_is_no_wrong_case(
    case: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    with serve(Cluster()) as server:
        kubeconfig = server.write_kubeconfig(case.parent / "kubeconfig")
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    state = State.of(*load_case(case))
    run = ClusterRun(
        run="shop-1", selector="a=b", store=state.store, namespace="default", context=None
    )
    run.write(state.new_run("shop"))

    ended = CliRunner().invoke(app, [command, str(case)])

    assert ended.exit_code == 3
    assert "no answer from the API server" in ended.stderr
    assert "Start the command again" in ended.stderr
