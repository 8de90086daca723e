"""What `auto` tells of an entity's last events to models that read them one by one."""

from __future__ import annotations

from typing import Any

from mushroom.catalog import Events, known_with_row

__all__ = ["choose_sequence"]

_MOST_NAMES = 8
"""Categories, and measures, of each event: every one is a list as long as the others in memory."""


def choose_sequence(name: str, table: Events) -> dict[str, Any]:
    """The options of an `event_sequences` over a table: its defaults, of not too many columns."""
    found: dict[str, Any] = {"method": "event_sequences", "table": name}
    for what, columns in (("categories", table.categories), ("measures", table.measures)):
        known = known_with_row(columns)
        if len(known) > _MOST_NAMES:
            found[what] = list(known[:_MOST_NAMES])
    return found
