from datetime import UTC, date, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mushroom.errors import EntityError
from mushroom.instants import INSTANT, instants, parse_instant

BERLIN = "Europe/Berlin"
MOMENT = datetime(2024, 6, 30, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2024-07-01", "2024-07-01T00:00:00", "2024-06-30T22:00:00Z", "2024-07-01T01:00:00+03:00"],
)
def test_one_moment_has_many_texts(text: str) -> None:
    assert parse_instant(text, timezone=BERLIN) == MOMENT
    assert parse_instant(text, timezone=BERLIN).utcoffset() == timedelta(0)


@pytest.mark.parametrize("text", ["", "latest", "2024-13-01", "1.7.2024"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(EntityError, match=r"is not a date or time; write 2011-12-10 or"):
        parse_instant(text, timezone=BERLIN)


@pytest.mark.parametrize(
    ("text", "timezone"),
    [
        ("0001-01-01", "Asia/Tokyo"),
        ("9999-12-31T23:00:00-05:00", "UTC"),
        ("9999-12-31T23:00:00", "America/Lima"),
    ],
)
def test_times_beyond_the_calendar_are_refused(text: str, timezone: str) -> None:
    with pytest.raises(EntityError, match=r"lies outside the years 1 to 9999 in UTC; write a"):
        parse_instant(text, timezone=timezone)


@pytest.mark.parametrize(
    "values",
    [
        pa.array([date(2024, 7, 1)], pa.date32()),
        pa.array([date(2024, 7, 1)], pa.date64()),
        pa.array([datetime(2024, 7, 1)], pa.timestamp("s")),
        pa.array([datetime(2024, 7, 1)], pa.timestamp("ns")),
        pa.array([MOMENT], pa.timestamp("ms", tz="Asia/Tokyo")),
        pa.array([MOMENT], INSTANT),
    ],
)
def test_one_moment_has_many_types(values: pa.Array) -> None:
    found = instants(pa.chunked_array([values]), timezone=BERLIN, what="it")
    assert found.type == INSTANT
    assert found.to_pylist() == [MOMENT]


def test_a_time_that_clocks_show_twice_is_the_earlier() -> None:
    twice = pa.chunked_array([[datetime(2024, 10, 27, 2, 30)]], pa.timestamp("us"))
    found = instants(twice, timezone=BERLIN, what="it")
    assert found.to_pylist() == [datetime(2024, 10, 27, 0, 30, tzinfo=UTC)]
    text = parse_instant("2024-10-27T02:30:00", timezone=BERLIN)
    assert found.to_pylist() == [text]


@pytest.mark.parametrize(
    ("timezone", "skipped", "moment"),
    [
        (BERLIN, datetime(2024, 3, 31, 2, 30), datetime(2024, 3, 31, 1, tzinfo=UTC)),
        # There is no midnight: the day begins at one o'clock.
        ("America/Sao_Paulo", datetime(2018, 11, 4), datetime(2018, 11, 4, 3, tzinfo=UTC)),
    ],
)
def test_a_time_that_clocks_skip_is_the_moment_of_the_skip(
    timezone: str, skipped: datetime, moment: datetime
) -> None:
    column = pa.chunked_array([[skipped]], pa.timestamp("us"))
    assert instants(column, timezone=timezone, what="it").to_pylist() == [moment]
    assert parse_instant(skipped.isoformat(), timezone=timezone) == moment


def test_a_day_without_a_midnight_begins_at_the_skip() -> None:
    moment = datetime(2018, 11, 4, 3, tzinfo=UTC)
    day = pa.chunked_array([[date(2018, 11, 4)]])
    assert instants(day, timezone="America/Sao_Paulo", what="it").to_pylist() == [moment]
    assert parse_instant("2018-11-04", timezone="America/Sao_Paulo") == moment


@pytest.mark.parametrize(
    ("values", "got"),
    [
        ([1.5], r"double\."),
        (["2024-07-01"], r"string\."),
        (["2024-07-01", "next year"], r"string, such as 'next year'\."),
    ],
)
def test_other_types_are_refused(values: list[float] | list[str], got: str) -> None:
    with pytest.raises(EntityError, match=f"it must hold dates or times, got {got}$"):
        instants(pa.chunked_array([values]), timezone=BERLIN, what="it")


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2037, 1, 1)))
def test_texts_and_columns_agree_on_times_with_a_zone(moment: datetime) -> None:
    moment = moment.replace(tzinfo=timezone(timedelta(hours=5, minutes=30)))
    column = pa.chunked_array([pa.array([moment], INSTANT)])
    assert instants(column, timezone=BERLIN, what="it").to_pylist() == [
        parse_instant(moment.isoformat(), timezone=BERLIN)
    ]
