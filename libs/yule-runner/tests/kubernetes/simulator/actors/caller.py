"""Requests to a simulated API server as they are, and objects to send."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import urllib3
from yule_runner.testing.kubernetes import ClusterServer
from yule_runner.testing.kubernetes.http.access import ADMIN_TOKEN

__all__ = [
    "APPLY",
    "JOB_PATH",
    "JSON_PATCH",
    "MERGE",
    "POD_PATH",
    "STRATEGIC",
    "Caller",
    "causes",
    "job",
    "pod",
]

Json = dict[str, Any]

JOB_PATH = "/apis/batch/v1/namespaces/default/jobs"
POD_PATH = "/api/v1/namespaces/default/pods"
APPLY = "application/apply-patch+yaml"
JSON_PATCH = "application/json-patch+json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"


@dataclass
class Caller:
    """Sends requests as they are."""

    server: ClusterServer
    http: urllib3.PoolManager

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        media_type: str = "application/json",
    ) -> urllib3.BaseHTTPResponse:
        headers = {"Authorization": f"Bearer {ADMIN_TOKEN}", "Content-Type": media_type}
        data = None if body is None else json.dumps(body)
        return self.http.request(
            method, self.server.url + path, body=data, headers=headers, timeout=20
        )

    def read(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Json]:
        answer = self(method, path, body, **options)
        return answer.status, answer.json()


def causes(refused: Json) -> list[tuple[str, str]]:
    """Return field and message of each cause of a refusal."""
    found = refused["details"]["causes"]
    return [(cause["field"], cause["message"]) for cause in found]


def job(name: str, **spec: Any) -> Json:
    container = {"name": "main", "image": "yule", "command": ["true"]}
    template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    return {"metadata": {"name": name}, "spec": {"template": template} | spec}


def pod(name: str, **spec: Any) -> Json:
    return {
        "metadata": {"name": name},
        "spec": {"containers": [{"name": "main", "image": "yule"}]} | spec,
    }
