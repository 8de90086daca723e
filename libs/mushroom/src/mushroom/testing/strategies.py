"""Hypothesis strategies for small worlds and the entity rows to describe in them."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import strategies as st

from mushroom.testing.world import World, entity_rows

__all__ = ["described_worlds"]

# Few users, hours and values, so that equal times, ties and cut-offs met exactly are frequent.
_USERS = st.integers(0, 2)
_HOURS = st.integers(0, 96).map(lambda hour: hour * 12)
_DELAYS = st.sampled_from([0, 12, 240])
_AMOUNTS = st.none() | st.integers(-300, 300).map(lambda cents: cents / 100)
_WORDS = st.none() | st.sampled_from(["a", "b", "B", "ä"])


@st.composite
def described_worlds(draw: st.DrawFn) -> tuple[World, pa.Table]:
    """A world, and one to four entity rows in it, some of which see less than up to `as_of`."""
    events = draw(st.lists(st.tuples(_USERS, _HOURS, _DELAYS, _AMOUNTS, _WORDS), max_size=20))
    attributes = draw(
        st.lists(
            st.tuples(_USERS, _HOURS, _WORDS, st.none() | st.integers(18, 20), _HOURS), max_size=8
        )
    )
    rows = draw(
        st.lists(
            st.tuples(_USERS, _HOURS, _DELAYS),
            min_size=1,
            max_size=4,
            unique_by=lambda row: (row[0], row[1]),
        )
    )
    world = World.of(
        events=[(user, hour, hour + delay, x, word) for user, hour, delay, x, word in events],
        attributes=attributes,
    )
    return world, entity_rows([(user, hour, hour - delay) for user, hour, delay in rows])
