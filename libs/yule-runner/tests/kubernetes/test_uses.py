"""Letting go of Jobs that others change at the same moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from yule_runner.kubernetes.api import JOBS, ClusterApi, Kind
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.uses import release, use_of
from yule_runner.testing.kubernetes import Cluster, serve

Json = dict[str, Any]

JOB: Json = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "busy", "annotations": use_of("weekly")},
    "spec": {
        "suspend": True,
        "template": {
            "spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "i"}]}
        },
    },
}


class Restless(ClusterApi):
    """Somebody changes the Job after each look at it, so many times."""

    changes = 0

    def get(self, kind: Kind, name: str) -> Json:
        found = super().get(kind, name)
        if self.changes:
            self.changes -= 1
            change = {"metadata": {"annotations": {"n": str(self.changes)}}}
            self.merge(JOBS, "busy", change)
        return found


@pytest.mark.parametrize(("changes", "how"), [(4, "deleted"), (5, "contended")])
def test_a_job_that_changes_all_the_time_is_not_taken_for_shared(
    tmp_path: Path, changes: int, how: str
) -> None:
    with serve(Cluster()) as server:
        api = Restless(lambda: connect(server.write_kubeconfig(tmp_path / "config")), "default")
        job = api.create(JOBS, JOB)
        api.changes = changes

        assert release(api, "busy", job["metadata"]["uid"], "weekly") == how
        api.close()
