"""The pod failure policy: the first rule that matches a failed pod decides (KEP-3329)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Verdict", "judge"]

Json = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What a failed pod means.

    Attributes:
        action: of the rule that matched; None where none did.
        message: why the Job fails; None where it does not.
    """

    action: Literal["Count", "FailIndex", "FailJob", "Ignore"] | None = None
    message: str | None = None

    @property
    def is_counted(self) -> bool:
        """Whether the failure counts towards back-off limits."""
        return self.action != "Ignore"


def judge(job: Json, pod: Json) -> Verdict:
    """Match a failed pod against the Job's policy."""
    policy = job["spec"].get("podFailurePolicy") or {}
    for place, rule in enumerate(policy.get("rules") or []):
        why = _why(rule, pod)
        if why is not None:
            action = rule["action"]
            text = f"{why} matching {action} rule at index {place}"
            return Verdict(action, text if action == "FailJob" else None)
    return Verdict()


def _why(rule: Json, pod: Json) -> str | None:
    name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
    status = pod.get("status", {})
    if (codes := rule.get("onExitCodes")) is not None:
        for container in [
            *status.get("containerStatuses", []),
            *status.get("initContainerStatuses", []),
        ]:
            code = container.get("state", {}).get("terminated", {}).get("exitCode")
            if _matches(codes, container["name"], code):
                return f"Container {container['name']} for pod {name} failed with exit code {code}"
        return None
    for condition in status.get("conditions", []):
        for pattern in rule.get("onPodConditions") or []:
            if (condition["type"], condition["status"]) == (pattern["type"], pattern["status"]):
                return f"Pod {name} has condition {condition['type']}"
    return None


def _matches(codes: Json, name: str, code: int | None) -> bool:
    if not code or codes.get("containerName", name) != name:
        return False
    return bool((code in codes["values"]) == (codes["operator"] == "In"))
