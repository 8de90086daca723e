"""The feature methods by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mushroom.features.entity_attributes import (
    EntityAttributesOptions,
    build_entity_attributes,
    check_entity_attributes,
)
from mushroom.features.error import FeatureError
from mushroom.features.event_windows import (
    EventWindowsOptions,
    build_event_windows,
    check_event_windows,
)
from mushroom.features.learned.registry import LEARNED_METHODS
from mushroom.features.method import FeatureMethod
from mushroom.features.related import RelatedOptions, build_related, check_related
from mushroom.names import check_text, suggest

__all__ = [
    "ENTITY_ATTRIBUTES",
    "EVENT_WINDOWS",
    "FEATURE_METHODS",
    "RELATED",
    "feature_method",
    "holds_sequences",
]

EVENT_WINDOWS = FeatureMethod(
    name="event_windows",
    summary="Counts, sums and habits of an entity's events over windows of time.",
    cost="one pass over the table, whose events are joined to each row of their entity, in memory "
    "that grows with the rows described. Over these pairs, counts and measures take one pass "
    "together; `interval`, `active_days`, `hours` with `weekdays`, each category, and `gaps` with "
    "`regularity` and `last_times` one more each, `streaks` two; `last5` and its like sort them.",
    options=EventWindowsOptions,
    check=check_event_windows,
    build=build_event_windows,
)

ENTITY_ATTRIBUTES = FeatureMethod(
    name="entity_attributes",
    summary="Columns of an attributes table, as they were known at the time.",
    cost="one pass over the table; the versions of an entity are compared by all columns, so that "
    "memory grows with their number.",
    options=EntityAttributesOptions,
    check=check_entity_attributes,
    build=build_entity_attributes,
)

RELATED = FeatureMethod(
    name="related",
    summary="What an entity's events refer to: attributes of it, or its own events, over windows.",
    cost="one pass over each of the two tables and a join of them, then as `event_windows` of what "
    "was found; with `reach: all`, pairs grow with all that an entity has ever referred to.",
    options=RelatedOptions,
    check=check_related,
    build=build_related,
)

FEATURE_METHODS: Mapping[str, FeatureMethod] = MappingProxyType(
    {
        method.name: method
        for method in (EVENT_WINDOWS, ENTITY_ATTRIBUTES, RELATED, *LEARNED_METHODS)
    }
)


def feature_method(name: str) -> FeatureMethod:
    """The method of that name.

    Raises:
        FeatureError: If there is none.
    """
    check_text(name, what="The name of a feature method", error=FeatureError)
    if name not in FEATURE_METHODS:
        raise FeatureError(
            f"There is no feature method {name!r}; {suggest(name, FEATURE_METHODS)}",
            path=("method",),
        )
    return FEATURE_METHODS[name]


def holds_sequences(name: str) -> bool:
    """Whether what a method makes is no columns of a table, but sequences.

    Raises:
        FeatureError: If there is no such method.
    """
    return feature_method(name) in [method for method in LEARNED_METHODS if method.is_sequence]
