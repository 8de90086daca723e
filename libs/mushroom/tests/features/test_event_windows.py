"""`event_windows` on a handful of events, with answers that can be checked by eye."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from mushroom import Query
from mushroom.features import feature_method, feature_rows
from mushroom.testing import World, entity_rows

Ask = Callable[[World, Query], pa.Table]
DAY = 24
# User 1, in days before day 100: 2 at once on day 1, one on day 10, two on day 50.
EVENTS = [
    (1, 99 * DAY, 99 * DAY, 10.0, "tea"),
    (1, 99 * DAY, 99 * DAY, 20.0, "cup"),
    (1, 90 * DAY, 90 * DAY, -6.5, "tea"),
    (1, 50 * DAY, 50 * DAY, 0.1, "cup"),
    (1, 50 * DAY + 12, 50 * DAY + 12, 0.2, "cup"),
    (2, 10 * DAY, 10 * DAY, None, None),
]


def describe(
    ask: Ask, options: dict[str, Any], *, rows: list[tuple[int, float, float]]
) -> list[dict[str, Any]]:
    world = World.of(events=EVENTS, attributes=[])
    method = feature_method("event_windows")
    entities = entity_rows(rows)
    query = method.query(
        method.parse({"table": "events", **options}), catalog=world.catalog, entities=entities
    )
    answer = ask(world, query)
    found: list[dict[str, Any]] = feature_rows(answer, name="f", entities=entities).to_pylist()
    return found


def test_every_aggregate_of_one_window(ask: Ask) -> None:
    (row,) = describe(ask, {"windows": ["30d"]}, rows=[(1, 100 * DAY, 100 * DAY)])
    assert {name: value for name, value in row.items() if name.startswith("f.")} == {
        "f.recency": 1.0,
        "f.first_seen": 10.0,
        "f.30d.count": 3,
        "f.30d.active_days": 2,
        "f.30d.interval": 9.0,
        "f.30d.amount.sum": 23.5,
        "f.30d.amount.mean": 23.5 / 3,
        "f.30d.amount.min": -6.5,
        "f.30d.amount.max": 20.0,
        # Sample variance: (3 * (100 + 400 + 42.25) - 23.5^2) / (3 * 2)
        "f.30d.amount.std": pytest.approx((1074.5 / 6) ** 0.5, rel=1e-15),
        "f.30d.item.distinct": 2,
        "f.30d.item.top": "tea",
    }


def test_the_whole_history(ask: Ask) -> None:
    (row,) = describe(ask, {"windows": ["all"]}, rows=[(1, 100 * DAY, 100 * DAY)])
    assert row["f.all.count"] == 5
    assert row["f.all.active_days"] == 3
    assert row["f.all.interval"] == 49 / 3
    assert row["f.all.amount.sum"] == 23.8
    assert row["f.all.item.top"] == "cup"
    assert row["f.first_seen"] == 50.0


def test_a_top_value_in_a_tie_is_the_smallest(ask: Ask) -> None:
    (row,) = describe(ask, {"windows": ["2d"]}, rows=[(1, 100 * DAY, 100 * DAY)])
    assert row["f.2d.item.top"] == "cup"


def test_a_window_is_open_at_its_start_and_closed_at_data_until(ask: Ask) -> None:
    rows = [(1, 100 * DAY, 99 * DAY), (1, 109 * DAY, 109 * DAY), (1, 109.5 * DAY, 98 * DAY)]
    found = describe(ask, {"windows": ["10d"], "aggregates": ["count", "recency"]}, rows=rows)
    assert [(row["f.10d.count"], row["f.recency"]) for row in found] == [
        (2, 1.0),  # as of day 100 the tenth day back is day 90, which is outside
        (0, None),  # as of day 109 day 99 is outside
        (0, None),
    ]


def test_ages_count_to_as_of_and_events_to_data_until(ask: Ask) -> None:
    (row,) = describe(ask, {"windows": ["all"]}, rows=[(1, 100 * DAY, 95 * DAY)])
    assert row["f.all.count"] == 3
    assert row["f.recency"] == 10.0


def test_nothing_happened(ask: Ask) -> None:
    (row,) = describe(ask, {"windows": ["7d", "30d"]}, rows=[(3, 100 * DAY, 100 * DAY)])
    assert (row.pop("fact:known"), row.pop("fact:not_finite")) == (False, 0)
    zeros = {name for name, value in row.items() if value == 0}
    assert zeros == {
        *(f"f.{w}.{c}" for w in ("7d", "30d") for c in ("count", "active_days", "amount.sum")),
        "f.7d.item.distinct",
        "f.30d.item.distinct",
        "f.7d_of_30d.count.difference",
        "f.7d_of_30d.amount.sum.difference",
    }
    assert all(value is None for name, value in row.items() if name[0] == "f" and name not in zeros)


def test_values_that_are_missing(ask: Ask) -> None:
    (row,) = describe(ask, {"windows": ["all"]}, rows=[(2, 100 * DAY, 100 * DAY)])
    assert row["f.all.count"] == 1
    assert row["f.all.amount.sum"] == 0.0
    assert row["f.all.amount.mean"] is None
    assert row["f.all.item.distinct"] == 0
    assert row["f.all.item.top"] is None


def test_numbers_that_are_not_finite_are_missing_and_counted(ask: Ask) -> None:
    nan, inf = float("nan"), float("inf")
    amounts = [(40, nan), (50, inf), (60, -inf), (70, 2.5), (80, None), (90, 1.0)]
    world = World.of(events=[(1, day, day, x, "a") for day, x in amounts], attributes=[])
    method = feature_method("event_windows")
    options = method.parse({"table": "events", "windows": ["50h", "all"]})
    entities = entity_rows([(1, 75, 75), (1, 100, 100), (2, 100, 100)])
    query = method.query(options, catalog=world.catalog, entities=entities)
    answer = ask(world, query)
    first, second, nobody = feature_rows(answer, name="f", entities=entities).to_pylist()
    assert (first["fact:not_finite"], second["fact:not_finite"]) == (3, 3)
    assert (first["f.all.count"], first["f.all.amount.sum"]) == (4, 2.5)
    assert (second["f.all.amount.mean"], second["f.all.amount.max"]) == (1.75, 2.5)
    assert (nobody["fact:known"], nobody["fact:not_finite"]) == (False, 0)


def test_trends_between_a_window_and_the_next_longer_one(ask: Ask) -> None:
    (row,) = describe(
        ask,
        {"windows": ["all", "5d", "20d"], "aggregates": ["count", "sum"]},
        rows=[(1, 100 * DAY, 100 * DAY)],
    )
    trends = {name: value for name, value in row.items() if "_of_" in name}
    assert trends == pytest.approx(
        {
            "f.5d_of_20d.count.ratio": 2 / 3,
            "f.5d_of_20d.count.difference": 2 / 5 - 3 / 20,
            "f.5d_of_20d.amount.sum.ratio": 30 / 23.5,
            "f.5d_of_20d.amount.sum.difference": 30 / 5 - 23.5 / 20,
            "f.20d_of_all.count.ratio": 3 / 5,
            "f.20d_of_all.count.difference": 3 / 20 - 5 / 50,
            "f.20d_of_all.amount.sum.ratio": 23.5 / 23.8,
            "f.20d_of_all.amount.sum.difference": 23.5 / 20 - 23.8 / 50,
        },
        rel=1e-15,
    )


def test_active_days_are_those_of_the_catalogues_time_zone(ask: Ask) -> None:
    # 22:30 and 23:30 UTC of one day are two days in Berlin.
    world = World.of(events=[(1, 22.5, 22.5, 1.0, "a"), (1, 23.5, 23.5, 1.0, "a")], attributes=[])
    method = feature_method("event_windows")
    options = method.parse({"table": "events", "aggregates": ["active_days"]})
    query = method.query(options, catalog=world.catalog, entities=entity_rows([(1, 48, 48)]))
    answer = ask(world, query)
    assert answer["all.active_days"].to_pylist() == [2]


def test_columns_come_in_a_fixed_order(ask: Ask) -> None:
    a, b = (
        describe(ask, {"windows": windows}, rows=[(1, 2400, 2400)])[0]
        for windows in (["7d", "all"], ["all", "7d"])
    )
    assert list(a) == list(b)


def test_sums_are_exact(ask: Ask) -> None:
    # A float sum of a thousand tenths is 99.9999999999986.
    world = World.of(events=[(1, 1.0, 1.0, 0.1, "a")] * 1000, attributes=[])
    method = feature_method("event_windows")
    options = method.parse({"table": "events", "windows": ["all"], "aggregates": ["sum", "std"]})
    query = method.query(options, catalog=world.catalog, entities=entity_rows([(1, 48, 48)]))
    (row,) = ask(world, query).to_pylist()
    assert row["all.amount.sum"] == 100.0
    assert row["all.amount.std"] == 0.0
