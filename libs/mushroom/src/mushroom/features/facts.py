"""What a feature tells of its rows beside their features: facts to report, not to learn from."""

from __future__ import annotations

__all__ = ["FACTS", "KNOWN", "NOT_FINITE"]

# No feature can have a colon in its name.
KNOWN = "fact:known"
"""Whether the feature's table has a row that the entity may see."""

NOT_FINITE = "fact:not_finite"
"""In how many of these rows a NaN or an infinite number was taken as missing."""

FACTS = (KNOWN, NOT_FINITE)
