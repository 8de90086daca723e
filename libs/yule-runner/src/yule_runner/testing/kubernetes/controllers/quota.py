"""Resource quotas: how much a namespace uses, and what would be too much."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.controllers.placement import requested
from yule_runner.testing.kubernetes.quantities import quantity
from yule_runner.testing.kubernetes.resources import BY_KIND, Resource
from yule_runner.testing.kubernetes.status import forbidden
from yule_runner.testing.kubernetes.storage.store import Change

__all__ = ["QuotaController"]

Json = dict[str, Any]

_POD, _QUOTA = BY_KIND["Pod"], BY_KIND["ResourceQuota"]
_ENDED = ("Failed", "Succeeded")


class QuotaController:
    """Keeps `status.used` of quotas on pods, and refuses pods that would exceed one.

    As in a real cluster, a quota counts only once its status is written.
    """

    def __init__(self, operations: Operations) -> None:
        self._api, self._store = operations, operations.store
        self._dirty: dict[str, None] = {}

    def observe(self, change: Change) -> None:
        """Take note of a change."""
        if change.resource in (_POD, _QUOTA):
            self._dirty[change.object["metadata"]["namespace"]] = None

    def work(self) -> bool:
        """Count one namespace anew; return whether there was one to count."""
        if not self._dirty:
            return False
        namespace = next(iter(self._dirty))
        del self._dirty[namespace]
        quotas = self._store.objects(_QUOTA, namespace)
        usage = self._usage(namespace) if quotas else {}
        for quota in quotas:
            hard = quota["spec"].get("hard", {})
            used = {name: str(usage.get(name, Decimal(0))) for name in hard}
            body = quota | {"status": {"hard": hard, "used": used}}
            self._api.update(
                _QUOTA, namespace, quota["metadata"]["name"], body, subresource="status"
            )
        return True

    def admit(self, resource: Resource, body: Json) -> None:
        """Let a pod in, or refuse it.

        Raises:
            ApiError: 403, naming the quota.
        """
        if resource is not _POD:
            return
        namespace = body["metadata"]["namespace"]
        quotas = self._store.objects(_QUOTA, namespace)
        if not quotas:
            return
        wanted, usage = _charges(body), self._usage(namespace)
        for quota in quotas:
            hard = quota.get("status", {}).get("hard", {})
            over = [
                name
                for name, limit in sorted(hard.items())
                if name in wanted and usage.get(name, 0) + wanted[name] > quantity(limit)
            ]
            if over:
                listed = {
                    "requested": ",".join(f"{name}={wanted[name]}" for name in over),
                    "used": ",".join(f"{name}={usage.get(name, 0)}" for name in over),
                    "limited": ",".join(f"{name}={hard[name]}" for name in over),
                }
                text = ", ".join(f"{word}: {values}" for word, values in listed.items())
                name = body["metadata"]["name"]
                why = f"exceeded quota: {quota['metadata']['name']}, {text}"
                raise forbidden("", "pods", name, why)

    def _usage(self, namespace: str) -> dict[str, Decimal]:
        usage: dict[str, Decimal] = {}
        for pod in self._store.objects(_POD, namespace):
            if pod["status"].get("phase") not in _ENDED:
                for name, amount in _charges(pod).items():
                    usage[name] = usage.get(name, Decimal(0)) + amount
        return usage


def _charges(pod: Json) -> dict[str, Decimal]:
    asked = requested(pod)
    charges = {"pods": Decimal(1), "count/pods": Decimal(1)}
    for name, amount in asked.items():
        charges[f"requests.{name}"] = amount
        if "/" not in name:
            charges[name] = amount
    return charges
