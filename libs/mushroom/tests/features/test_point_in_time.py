"""Rows that arrive late, and ties, as docs/reference/point-in-time.md has them."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from mushroom import Catalog, Query
from mushroom.features import FEATURE_METHODS
from mushroom.features.learned import Fitting, LearnedMethod
from mushroom.features.learned.describe import learned_rows
from mushroom.features.rows import feature_rows
from mushroom.testing import World, entity_rows
from mushroom.testing.world import START

Ask = Callable[[World, Query], pa.Table]
DAY = 24
LATE = World.of(
    events=[
        # user, when it happened and when it could be read, amount, item
        (1, 10, 10, 1.0, "a"),
        (1, 20, 60, 2.0, "late"),
        (1, 30, 30, 4.0, "b"),
    ],
    attributes=[(1, 10, "free", 30, 0), (1, 50, "paid", 31, 0)],
)


def describe(
    ask: Ask,
    method: str,
    rows: list[tuple[int, float, float]],
    *,
    world: World = LATE,
    fit_until: float = 0,
    **options: Any,
) -> list[Mapping[str, Any]]:
    """The features of entity rows, by a state that was fitted at an hour."""
    found, entities = FEATURE_METHODS[method], entity_rows(rows)
    parsed = found.parse(options)
    if not isinstance(found, LearnedMethod):
        query = found.query(parsed, catalog=world.catalog, entities=entities)
        return feature_rows(ask(world, query), name="f", entities=entities).to_pylist()
    fitting = Fitting(until=START + timedelta(hours=fit_until))
    answer = ask(world, found.fit_query(parsed, catalog=world.catalog, fitting=fitting))
    state = found.fit(parsed, answer)
    query = found.query(parsed, catalog=world.catalog, entities=entities, state=state)
    answer = ask(world, query)
    return learned_rows(found, parsed, answer, name="f", entities=entities, state=state).to_pylist()


def learned(
    ask: Ask,
    method: str,
    *,
    world: World,
    until: float,
    among: list[int] | None = None,
    **options: Any,
) -> Mapping[str, list[dict[str, Any]]]:
    """What a fit until an hour knows, by the names of its tables."""
    found = FEATURE_METHODS[method]
    assert isinstance(found, LearnedMethod)
    parsed = found.parse(options)
    users = None if among is None else pa.table({"entity_id": pa.array(among, pa.int64())})
    fitting = Fitting(until=START + timedelta(hours=until), among=users)
    answer = ask(world, found.fit_query(parsed, catalog=world.catalog, fitting=fitting))
    return {name: table.to_pylist() for name, table in found.fit(parsed, answer).items()}


def test_a_late_event_counts_from_when_it_could_be_read(ask: Ask) -> None:
    rows = [(1, hour, hour) for hour in (59, 60, 70)]
    options = {"table": "events", "windows": ["15h", "all"], "aggregates": ["count", "recency"]}
    found = describe(ask, "event_windows", rows, **options, trend=[])
    assert [(row["f.all.count"], row["f.15h.count"]) for row in found] == [(2, 0), (3, 1), (3, 1)]
    # Its age, too, counts from then: as of hour 70 it is 10 hours old, and not 50.
    assert [row["f.recency"] for row in found] == [29 / DAY, 0.0, 10 / DAY]


def test_a_late_event_stands_where_it_could_be_read(ask: Ask) -> None:
    options = {"table": "events", "length": 2, "values": 9}
    (row,) = describe(ask, "event_sequences", [(1, 70, 70)], fit_until=70, **options)
    assert row["f.age"] == [40 / DAY, 10 / DAY]
    assert row["f.measure.amount"] == [4.0, 2.0]


def test_nothing_is_learned_of_a_late_event_before_it_could_be_read(ask: Ask) -> None:
    options = {"table": "events", "windows": ["all"], "aggregates": ["count"]}
    for fit_until, is_known in ((59.0, False), (60.0, True)):
        (row,) = describe(ask, "top_categories", [(1, 70, 70)], fit_until=fit_until, **options)
        assert ("f.all.item=late.count" in row) == is_known
        assert row["f.all.item.other.count"] == (0 if is_known else 1)


def test_a_late_event_refers_to_nothing_before_it_could_be_read(ask: Ask) -> None:
    events = [*((1, h, h, 0.0, "b") for h in (5, 6)), (2, 20, 60, 0.0, "b"), (2, 30, 30, 0.0, "a")]
    world = World.of(events=events, attributes=[])
    options = {"table": "events", "reference": "item", "windows": ["all"], "aggregates": ["count"]}
    found = describe(ask, "related", [(2, 59, 59), (2, 60, 60)], world=world, **options)
    assert [row["f.all.count"] for row in found] == [1, 3]  # of "a", then of "b"


def test_versions_count_from_when_they_were_valid(ask: Ask) -> None:
    rows = [(1, hour, hour) for hour in (9, 10, 49, 50)]
    found = describe(ask, "entity_attributes", rows, table="attributes", columns=["plan"])
    assert [row["f.plan"] for row in found] == [None, "free", "free", "paid"]


def test_versions_from_the_same_time_on_are_told_by_their_values(ask: Ask) -> None:
    versions = [(1, 5, plan, age, 0) for plan, age in (("b", 1), ("a", 3), ("a", 2), (None, 1))]
    world = World.of(events=[], attributes=versions)
    options = {"table": "attributes", "columns": ["plan", "age"]}
    (row,) = describe(ask, "entity_attributes", [(1, 5, 5)], world=world, **options)
    assert (row["f.plan"], row["f.age"]) == ("a", 2)


def test_edges_of_windows_and_of_data_until(ask: Ask) -> None:
    rows = [(1, 30 + hour, 30 + hour) for hour in (-1, 0, 19, 20)]
    options = {"table": "events", "windows": ["20h"], "aggregates": ["count"]}
    found = describe(ask, "event_windows", rows, **options)
    # At hour 30 the first is 20 hours old, which is outside, and the second is seen at once; at 50
    # the second is outside, too.
    assert [row["f.20h.count"] for row in found] == [1, 1, 1, 0]


def test_events_at_one_time_are_one_time_and_in_order_of_their_values(ask: Ask) -> None:
    events = [(1, 5, 5, amount, item) for item, amount in (("b", 1.0), ("a", 3.0), ("a", 2.0))]
    world = World.of(events=[(1, 4, 4, 9.0, "z"), *events], attributes=[])
    options = {"table": "events", "windows": ["last1"], "aggregates": ["count", "first", "last"]}
    (row,) = describe(ask, "event_windows", [(1, 6, 6)], world=world, **options)
    assert (row["f.last1.count"], row["f.item.first"], row["f.item.last"]) == (3, "z", "a")
    options = {"table": "events", "length": 3}
    (row,) = describe(ask, "event_sequences", [(1, 6, 6)], world=world, **options)
    assert row["f.measure.amount"] == [1.0, 3.0, 2.0]  # the smallest values are the latest


@pytest.mark.parametrize("kind", ["events", "attributes"])
def test_a_date_is_known_at_the_end_of_its_day(ask: Ask, kind: str) -> None:
    table = {"table": "t", "entity": "who", "types": {"who": "INT64", "day": "DATE", "x": "INT64"}}
    of_kind = {
        "events": {"kind": "events", "time": "day"},
        "attributes": {"kind": "attributes", "valid_from": "day", "columns": ["x"]},
    }
    content = {"timezone": "Europe/Berlin", "tables": {"t": {**table, **of_kind[kind]}}}
    rows = pa.table({"who": [1], "day": [date(2024, 1, 1)], "x": [7]})
    method = FEATURE_METHODS["event_windows" if kind == "events" else "entity_attributes"]
    # The day ends at 23:00 UTC: an hour from then the first row sees it, a second before not.
    entities = entity_rows([(1, 23 - 1 / 3600, 23 - 1 / 3600), (1, 23, 23)])
    query = method.query(
        method.parse({"table": "t"}), catalog=Catalog.model_validate(content), entities=entities
    )
    found = feature_rows(ask(World(tables={"t": rows}), query), name="f", entities=entities)
    assert found["fact:known"].to_pylist() == [False, True]


def test_nothing_between_data_until_and_as_of_is_seen(ask: Ask) -> None:
    options = {"table": "events", "windows": ["all"], "aggregates": ["count", "recency"]}
    found = describe(ask, "event_windows", [(1, 60, 29), (1, 70, 59)], **options)
    assert [row["f.all.count"] for row in found] == [1, 2]
    assert [row["f.recency"] for row in found] == [50 / DAY, 40 / DAY]  # to as_of
    found = describe(ask, "entity_attributes", [(1, 60, 49)], table="attributes", columns=["plan"])
    assert found[0]["f.plan"] == "free"
    events = [(1, 2, 2, 0.0, "b"), (1, 50, 50, 0.0, "a")]
    world = World.of(events=[(2, h, h, 0.0, i) for _, h, _, _, i in events], attributes=[])
    options = {"table": "events", "reference": "item", "windows": ["all"], "aggregates": ["count"]}
    (row,) = describe(ask, "related", [(2, 60, 49)], world=world, **options)
    assert row["f.all.count"] == 1  # of "b", the last that was referred to


def test_a_streak_reaches_to_the_day_of_data_until(ask: Ask) -> None:
    events = [(1, hour, hour, 0.0, "a") for hour in (12, 36, 60)]
    world = World.of(events=events, attributes=[])
    options = {"table": "events", "windows": ["all"], "aggregates": ["streaks"], "trend": []}
    (row,) = describe(ask, "event_windows", [(1, 240, 61)], world=world, **options)
    assert row["f.streaks.days.present"] == 3


def test_a_window_ends_before_what_is_just_as_old(ask: Ask) -> None:
    world = World.of(events=[(1, 10, 10, 0.0, "a"), (1, 30, 30, 0.0, "a")], attributes=[])
    options = {"table": "events", "windows": ["20h", "40h"], "aggregates": ["count"], "trend": []}
    found = describe(ask, "event_windows", [(1, 50, 50), (1, 70, 70)], world=world, **options)
    assert [(row["f.20h.count"], row["f.40h.count"]) for row in found] == [(0, 1), (0, 0)]
    # Whose only events are just as old as the widest window is unknown.
    assert [row["fact:known"] for row in found] == [True, False]


def test_nothing_is_learned_of_what_is_just_as_old_as_the_window(ask: Ask) -> None:
    events = [(user, 10, 10, 0.0, "old") for user in (1, 2)]
    events += [(user, 11, 11, 0.0, item) for user in (1, 2) for item in ("a", "b")]
    world = World.of(events=events, attributes=[])
    options = {"table": "events", "category": "item", "dimensions": 1, "window": "20h"}
    state = learned(ask, "item_embeddings", world=world, until=30, **options)
    assert [row["item"] for row in state["items"]] == ["a", "b"]


def test_only_those_fitted_on_are_learned_from(ask: Ask) -> None:
    events = [(user, 1, 1, 0.0, f"of {user}") for user in (1, 2, 3)]
    world = World.of(events=events, attributes=[])
    options = {"table": "events", "windows": ["all"], "aggregates": ["count"]}
    state = learned(ask, "top_categories", world=world, until=10, among=[1, 3], **options)
    assert [row["value"] for row in state["vocabulary"]] == ["of 1", "of 3"]


def test_of_values_that_are_as_frequent_the_smallest_string_comes_first(ask: Ask) -> None:
    events = [(1, hour, hour, 0.0, item) for hour, item in enumerate("ba")]
    world = World.of(events=events, attributes=[])
    options = {"table": "events", "windows": ["all"], "aggregates": ["count"], "values": 1}
    state = learned(ask, "top_categories", world=world, until=10, **options)
    assert [row["value"] for row in state["vocabulary"]] == ["a"]


def test_an_event_is_about_the_version_of_its_time(ask: Ask) -> None:
    """Of the version that begins with it, and no longer of the one that ends there."""
    world = World.of(
        events=[(1, hour, hour, 0.0, "a") for hour in (9, 10, 50)],
        attributes=[(1, 10, "free", 30, 0), (1, 50, "paid", 40, 0)],
    )
    options = {"table": "events", "reference": "owner", "windows": ["all"], "measures": ["age"]}
    options |= {"aggregates": ["count", "sum"], "categories": []}
    found = describe(ask, "related", [(1, 49, 49), (1, 50, 50)], world=world, **options)
    assert [(row["f.all.count"], row["f.all.age.sum"]) for row in found] == [(2, 30), (3, 70)]


def test_an_event_is_about_the_version_of_the_smallest_values(ask: Ask) -> None:
    versions = [(1, 5, "b", 40, 0), (1, 5, "a", 30, 0), (1, 5, None, 20, 0), (1, 5, "a", 50, 0)]
    world = World.of(events=[(1, 6, 6, 0.0, "a")], attributes=versions)
    options = {"table": "events", "reference": "owner", "windows": ["all"], "measures": ["age"]}
    options |= {"categories": ["plan"], "aggregates": ["count", "sum"]}
    (row,) = describe(ask, "related", [(1, 7, 7)], world=world, **options)
    assert (row["f.all.count"], row["f.all.age.sum"]) == (1, 20)


def test_of_several_ids_at_once_the_smallest_is_followed(ask: Ask) -> None:
    events = [(1, 1, 1, 0.0, "a"), (1, 2, 2, 0.0, "b"), (1, 3, 3, 0.0, "b")]
    events += [(2, 5, 5, 0.0, "b"), (2, 5, 5, 0.0, "a")]
    world = World.of(events=events, attributes=[])
    options = {"table": "events", "reference": "item", "windows": ["all"], "aggregates": ["count"]}
    (row,) = describe(ask, "related", [(2, 6, 6)], world=world, **options)
    assert row["f.all.count"] == 2


TEXTS = {"table": "attributes", "column": "plan", "dimensions": 1, "words": 1}
BOTH = [(user, 5, "x y", 0, 0) for user in (8, 9)]


def test_a_text_counts_from_when_it_was_valid(ask: Ask) -> None:
    world = World.of(events=[], attributes=BOTH)
    terms = [learned(ask, "text_embeddings", world=world, until=h, **TEXTS) for h in (4.9, 5)]
    assert [[row["item"] for row in state["items"]] for state in terms] == [[], ["x", "y"]]
    found = describe(
        ask, "text_embeddings", [(8, 4.9, 4.9), (8, 5, 5)], world=world, fit_until=9, **TEXTS
    )
    assert [row["fact:known"] for row in found] == [False, True]


def test_of_texts_from_the_same_time_on_the_smallest_counts(ask: Ask) -> None:
    rows = {text: [(1, 5, text, 0, 0)] for text in ("x y", "y")}
    rows["both"] = [*rows["y"], *rows["x y"]]
    found = {}
    for name, versions in rows.items():
        world = World.of(events=[], attributes=[*BOTH, *versions])
        (row,) = describe(ask, "text_embeddings", [(1, 6, 6)], world=world, fit_until=9, **TEXTS)
        found[name] = row["f.d0"]
    assert found["both"] == found["x y"] != found["y"]
