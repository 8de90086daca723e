"""The aggregates of `event_windows` that tell when and how regularly, with answers by eye."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from mushroom import Catalog, Query
from mushroom.features import FeatureError, feature_method, feature_rows, validate_features
from mushroom.testing import World, entity_rows

Ask = Callable[[World, Query], pa.Table]
DAY = 24
# 1 January 2024, where hours are counted from, is a Monday; Berlin is an hour ahead.
NOON = 11


def describe(
    ask: Ask,
    events: list[tuple[float, float | None, str | None]],
    *,
    as_of: float,
    until: float | None = None,
    **options: Any,
) -> dict[str, Any]:
    """One entity's features, from its events' hours, amounts and items."""
    world = World.of(events=[(1, hour, hour, x, item) for hour, x, item in events], attributes=[])
    method = feature_method("event_windows")
    entities = entity_rows([(1, as_of, as_of if until is None else until)])
    query = method.query(
        method.parse({"table": "events", "windows": ["all"], **options}),
        catalog=world.catalog,
        entities=entities,
    )
    (row,) = feature_rows(ask(world, query), name="f", entities=entities).to_pylist()
    return {name[2:]: value for name, value in row.items() if name.startswith("f.")}


def at(*hours: float) -> list[tuple[float, float | None, str | None]]:
    return [(hour, None, None) for hour in hours]


def test_gaps_between_distinct_times(ask: Ask) -> None:
    # Gaps of 1, 1 and 4 days; the two events at the end are at one time.
    events = at(0, DAY, 2 * DAY, 6 * DAY, 6 * DAY)
    found = describe(ask, events, as_of=7 * DAY, aggregates=["gaps", "regularity"])
    assert found == {
        "gaps.mean": 2.0,
        "gaps.std": pytest.approx(math.sqrt(3), rel=1e-15),
        "gaps.max": 4.0,
        "gaps.present_of_mean": 0.5,
        "regularity.weeks": 0.5,  # day 7 is the Monday of the second week
        "regularity.gaps": pytest.approx(math.sqrt(3) / 2, rel=1e-15),
    }


def test_one_time_has_no_gap(ask: Ask) -> None:
    found = describe(ask, at(5, 5), as_of=DAY, aggregates=["gaps", "regularity"])
    assert found.pop("regularity.weeks") == 1.0
    assert set(found.values()) == {None}


# Not on the emulator, whose NUMERIC has 18 digits, where BigQuery's has 38.
@pytest.mark.parametrize("ask", ["duckdb"], indirect=True)
def test_gaps_of_centuries_do_not_overflow(ask: Ask) -> None:
    years = 365.25 * DAY
    events = at(-1900 * years, -1000 * years, 0)
    found = describe(ask, events, as_of=0, aggregates=["gaps"])
    assert found["gaps.max"] == 1000 * 365.25
    assert found["gaps.std"] == pytest.approx(50 * 365.25 * math.sqrt(2), rel=1e-12)


def test_the_last_times(ask: Ask) -> None:
    events = at(0, DAY, 2 * DAY, 2 * DAY, 6 * DAY)
    options = {"aggregates": ["recency", "last_times"], "last_times": [2, 4, 5]}
    found = describe(ask, events, as_of=7 * DAY, **options)
    assert found == {"recency": 1.0, "recency.2": 5.0, "recency.4": 7.0, "recency.5": None}


def test_streaks_of_days_and_weeks(ask: Ask) -> None:
    # Monday to Wednesday, Friday, and the Sunday of the week after.
    events = at(*(NOON + DAY * day for day in (0, 0.1, 1, 2, 4, 13)))
    found = describe(ask, events, as_of=14 * DAY + NOON, aggregates=["streaks"])
    assert found == {
        "streaks.days.longest": 3,
        "streaks.days.present": 1,  # Sunday was yesterday
        "streaks.weeks.longest": 2,
        "streaks.weeks.present": 2,  # and last week
    }


def test_a_streak_that_broke_is_not_present(ask: Ask) -> None:
    events = at(NOON, NOON + DAY)
    found = describe(ask, events, as_of=21 * DAY, aggregates=["streaks", "regularity"])
    assert (found["streaks.days.longest"], found["streaks.days.present"]) == (2, 0)
    assert (found["streaks.weeks.longest"], found["streaks.weeks.present"]) == (1, 0)
    assert found["regularity.weeks"] == 1 / 4


def test_days_and_hours_are_those_of_the_time_zone(ask: Ask) -> None:
    # 22:30 and 23:30 UTC of a Sunday, and noon before: evening, Monday's night, afternoon.
    events = at(6 * DAY + 22.5, 6 * DAY + 23.5, 6 * DAY + NOON)
    found = describe(ask, events, as_of=8 * DAY, aggregates=["hours", "weekdays"])
    third = 1 / 3
    assert {name: share for name, share in found.items() if share} == {
        "hours.night": third,
        "hours.afternoon": third,
        "hours.evening": third,
        "weekdays.monday": third,
        "weekdays.sunday": 2 / 3,
    }


def test_days_before_1970_have_their_weekday(ask: Ask) -> None:
    # 29 December 1969 is a Monday, 19,726 days before 1 January 2024.
    found = describe(ask, at(-19_726 * DAY + NOON), as_of=0, aggregates=["weekdays"])
    assert found["weekdays.monday"] == 1.0


def test_the_spread_of_a_category(ask: Ask) -> None:
    items = ["a", "a", "b", "c", None]
    events = [(float(hour), None, item) for hour, item in enumerate(items)]
    spread = ["top_share", "entropy", "first", "last"]
    found = describe(ask, events, as_of=DAY, windows=["23h", "all"], aggregates=spread)
    assert (found["item.first"], found["item.last"]) == ("a", "c")
    assert found["all.item.top_share"] == 0.5
    assert found["all.item.entropy"] == pytest.approx(1.5 * math.log(2), abs=1e-9)
    assert found["23h.item.top_share"] == 0.5  # an age of 23 hours is outside


def test_the_share_of_events_with_a_value(ask: Ask) -> None:
    events = [(0.0, 1.5, "a"), (1.5, None, "a"), (2.0, 0.0, None), (3.0, 7.0, None)]
    windows = ["23h", "12h", "all"]
    found = describe(ask, events, as_of=DAY, windows=windows, aggregates=["known_share"])
    assert found == {
        "12h.amount.known_share": None,
        "23h.amount.known_share": 2 / 3,
        "all.amount.known_share": 3 / 4,
    }


def test_one_value_has_no_entropy_and_none_has_none(ask: Ask) -> None:
    spread = ["top_share", "entropy"]
    events = [(0.0, None, "a")] * 3 + [(40.0, None, None)]
    found = describe(ask, events, as_of=40, windows=["12h", "all"], aggregates=spread)
    assert (found["all.item.entropy"], found["all.item.top_share"]) == (0.0, 1.0)
    assert (found["12h.item.entropy"], found["12h.item.top_share"]) == (None, None)


def test_first_and_last_of_several_at_once_are_the_smallest(ask: Ask) -> None:
    events = [(hour, None, item) for hour in (0.0, 9.0) for item in ("b", "ä", "a")]
    found = describe(ask, events, as_of=DAY, aggregates=["first", "last"])
    assert found == {"item.first": "a", "item.last": "a"}


def test_a_window_of_the_last_times(ask: Ask) -> None:
    events = [(0.0, 1.0, "a"), (1.0, 2.0, "a"), (2.0, 4.0, "b"), (2.0, 8.0, "b")]
    found = describe(
        ask,
        events,
        as_of=1000 * DAY,
        windows=["1d", "last2", "last1"],
        aggregates=["count", "mean", "interval", "active_days", "top"],
        trend=["ratio", "difference", "change"],
    )
    assert found == {
        "1d.count": 0,
        "1d.active_days": 0,
        "1d.interval": None,
        "1d.amount.mean": None,
        "1d.item.top": None,
        "last1.count": 2,
        "last1.active_days": 1,
        "last1.interval": None,
        "last1.amount.mean": 6.0,
        "last1.item.top": "b",
        "last2.count": 3,
        "last2.active_days": 1,
        "last2.interval": 1 / 24,
        "last2.amount.mean": pytest.approx(14 / 3),
        "last2.item.top": "b",
        "last1_of_last2.count.ratio": 2 / 3,
        "last1_of_last2.amount.mean.change": pytest.approx(6 - 14 / 3),
    }


def test_the_change_of_a_mean_between_windows(ask: Ask) -> None:
    events = [(0.0, 1.0, None), (40.0, 4.0, None)]
    options = {"windows": ["1d", "2d"], "aggregates": ["mean"], "trend": ["change"]}
    found = describe(ask, events, as_of=47, **options)
    assert found["1d_of_2d.amount.mean.change"] == 1.5


def dated(aggregate: str) -> tuple[dict[str, Any], Catalog]:
    events = {"kind": "events", "table": "t", "entity": "who", "time": "day"}
    types = {"who": "INT64", "day": "DATE"}
    catalog = Catalog.model_validate({"tables": {"visits": {**events, "types": types}}})
    return {"table": "visits", "windows": ["all"], "aggregates": [aggregate]}, catalog


def test_the_weekday_of_a_date_is_its_own(ask: Ask) -> None:
    # A date counts from the end of its day on, which is the beginning of the next one.
    options, catalog = dated("weekdays")
    days = pa.table({"who": [1], "day": [date(2024, 1, 1)]})
    method = feature_method("event_windows")
    query = method.query(
        method.parse(options), catalog=catalog, entities=entity_rows([(1, 24, 24)])
    )
    answer = ask(World(tables={"t": days}), query)
    assert answer["weekdays.monday"].to_pylist() == [1.0]


def test_dates_have_no_hours() -> None:
    options, catalog = dated("hours")
    with pytest.raises(FeatureError, match="has dates and no times of day") as caught:
        validate_features([{"name": "v", "method": "event_windows", **options}], catalog)
    assert caught.value.path == ("features", 0, "aggregates")
