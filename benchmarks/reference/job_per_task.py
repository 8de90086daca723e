"""One Job per task, each asked for its state every second: what kannon 0.1.4 sends."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kubernetes import client, config

__all__ = ["run_jobs"]

_POLL_S = 1.0


def run_jobs(kubeconfig: Path, count: int) -> None:
    """Make that many Jobs, and wait for their ends."""
    connect: Callable[[str], client.ApiClient] = config.new_client_from_config
    with connect(str(kubeconfig)) as api:
        batch: Any = client.BatchV1Api(api)
        container = {"name": "main", "image": "shop", "command": ["true"]}
        template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
        waiting = [f"task-{place}" for place in range(count)]
        for name in waiting:
            body = {"metadata": {"name": name}, "spec": {"template": template}}
            batch.create_namespaced_job("default", body)
        while waiting:
            waiting = [
                name
                for name in waiting
                if not batch.read_namespaced_job_status(name, "default").status.succeeded
            ]
            if waiting:
                time.sleep(_POLL_S)
