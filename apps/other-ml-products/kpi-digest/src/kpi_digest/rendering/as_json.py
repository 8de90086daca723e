"""A digest for programs."""

from __future__ import annotations

import json
from typing import Any

from kpi_digest.digest import Digest, Week

__all__ = ["render_json"]

_SCHEMA = 1


def render_json(digest: Digest) -> str:
    """One JSON object; docs in the README. Shares are from 0 to 1, unknown ones null."""
    value = {
        "schema": _SCHEMA,
        "title": digest.title,
        "table": digest.table,
        "timezone": digest.timezone,
        "first_event": digest.first_event.isoformat(),
        "last_event": digest.last_event.isoformat(),
        "snapshot": digest.snapshot,
        "weeks": [_week(week) for week in digest.weeks],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _week(week: Week) -> dict[str, Any]:
    return {
        "week": week.name,
        "monday": week.monday.isoformat(),
        "active": week.active,
        "new": week.new,
        "returning": week.returning,
        "kept": week.kept,
        "back": week.back,
        "lapsed": week.lapsed,
        "retention": week.retention,
        "events": week.events,
        "events_per_user": week.events_per_user,
    }
