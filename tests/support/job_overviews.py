"""Jobs of a run as an overview shows them."""

from __future__ import annotations

from typing import Any

from yule_runner.kubernetes.overview import JobOverview

__all__ = ["job_overview"]


def job_overview(component: str, state: str, **others: Any) -> JobOverview:
    """Return a Job of one index that nobody shares, and nothing has happened to.

    Args:
        component: What its tasks are; also its uid, and a part of its name.
        state: As the attribute of `JobOverview`.
        **others: Attributes that differ.
    """
    plain: dict[str, Any] = {
        "name": f"yule-{component}-g1",
        "uid": component,
        "indexes": 1,
        "done": 0,
        "failed": 0,
        "running": 0,
        "preemptions": 0,
        "reasons": (),
        "is_shared": False,
    }
    return JobOverview(component=component, state=state, **{**plain, **others})
