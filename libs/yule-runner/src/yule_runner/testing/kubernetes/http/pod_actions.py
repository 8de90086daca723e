"""What is created below a pod: its binding to a node, and its eviction.

After pkg/registry/core/pod/storage: storage.go (BindingREST) and eviction.go.
"""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.deletion import DeleteOptions
from yule_runner.testing.kubernetes.clock import time_text
from yule_runner.testing.kubernetes.cluster import Cluster
from yule_runner.testing.kubernetes.controllers.taints import disrupted
from yule_runner.testing.kubernetes.http.request import Request
from yule_runner.testing.kubernetes.status import bad_request, conflict

__all__ = ["bind", "evict"]

Json = dict[str, Any]

# A created Status gets the code of its answer; other answers that are a Status have none.
_DONE = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}
_FREE_TO_GO = ("Failed", "Pending", "Succeeded")


def bind(cluster: Cluster, request: Request) -> tuple[int, Json, list[str]]:
    """Bind a pod to a node.

    Raises:
        ApiError: 404; 409 where it is being deleted, or has a node.
    """
    name, pod = request.name, cluster.api.get(request.resource, request.namespace, request.name)
    why = ""
    if "deletionTimestamp" in pod["metadata"]:
        why = f"pod {name} is being deleted, cannot be assigned to a host"
    elif node := pod["spec"].get("nodeName"):
        why = f'pod {name} is already assigned to node "{node}"'
    if why:
        raise conflict("", "pods/binding", name, why)
    spec = pod["spec"] | {"nodeName": request.body["target"]["name"]}
    bound = {"type": "PodScheduled", "status": "True", "lastProbeTime": None}
    bound["lastTransitionTime"] = time_text(cluster.clock.now_s)
    others = [each for each in pod["status"].get("conditions", []) if each["type"] != bound["type"]]
    status = pod["status"] | {"conditions": [*others, bound]}
    cluster.store.write(request.resource, pod | {"spec": spec, "status": status})
    return 201, _DONE, []


def evict(cluster: Cluster, request: Request) -> tuple[int, Json, list[str]]:
    """Evict a pod: one that runs is marked as disrupted before it is deleted.

    Raises:
        ApiError: 400, 404 or 409.
    """
    body, place = request.body or {}, (request.resource, request.namespace, request.name)
    if body.get("metadata", {}).get("name", "") != request.name:
        raise bad_request("name in URL does not match name in Eviction object")
    asked = body.get("deleteOptions") or {}
    is_dry = bool(asked.get("dryRun") or request.query.get("dryRun"))
    options = DeleteOptions.read({}, asked | ({"dryRun": ["All"]} if is_dry else {}))
    pod = cluster.api.get(*place)
    is_free = "deletionTimestamp" in pod["metadata"] or pod["status"].get("phase") in _FREE_TO_GO
    if not is_free and not is_dry:
        text, now_s = "Eviction API: evicting", cluster.clock.now_s
        status = disrupted(pod, "EvictionByEvictionAPI", text, now_s)
        cluster.api.update(*place, pod | {"status": status}, subresource="status")
    cluster.api.delete(*place, options)
    return 201, _DONE, []
