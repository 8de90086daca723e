"""Commands that look at a cluster which does not answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from job_overviews import job_overview
from typer.testing import CliRunner
from yule_cli.cluster_run import ClusterRun
from yule_cli.config import load_case
from yule_cli.main import app
from yule_cli.state import State
from yule_runner.kubernetes.api import ClusterApi
from yule_runner.kubernetes.errors import ApiUnavailable
from yule_runner.kubernetes.overview import JobOverview
from yule_runner.testing.kubernetes import Cluster, serve

DRIVER = job_overview("driver", "done", done=1)


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


def test_logs_that_are_followed_wait_for_a_cluster_that_is_away(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = iter([True, True, False])

    def jobs_of(_found: ClusterRun, _api: ClusterApi) -> list[JobOverview]:
        if next(away):
            raise ApiUnavailable("Could not list jobs: no answer from the API server: refused.")
        return [DRIVER]

    monkeypatch.setattr("yule_cli.commands.logs._POLL_S", 0.0)
    monkeypatch.setattr("yule_cli.commands.cluster.jobs_of", jobs_of)
    with serve(Cluster()) as server:
        monkeypatch.setenv("KUBECONFIG", str(server.write_kubeconfig(case.parent / "kubeconfig")))
        state = State.of(*load_case(case))
        run = ClusterRun(
            run="shop-1", selector="a=b", store=state.store, namespace="default", context=None
        )
        run.write(state.new_run("shop"))

        ended = CliRunner().invoke(app, ["logs", "--follow", str(case)])

    assert ended.exit_code == 0, ended.output
    assert ended.stderr.count("no answer from the API server: refused. Waiting for it.") == 1
