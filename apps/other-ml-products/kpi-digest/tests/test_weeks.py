from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpi_digest import DigestError
from kpi_digest.weeks import chosen_weeks, monday_of, parse_week, week_name


@given(st.dates(date(1900, 1, 8), date(2999, 1, 1)))
def test_a_week_is_found_again_by_its_name(day: date) -> None:
    monday = monday_of(day)

    assert parse_week(week_name(monday)) == monday
    assert 0 <= (day - monday).days < 7


@pytest.mark.parametrize(
    "text", ["2011-48", "2011-W54", "2011-W00", "0000-W01", "W48", "２０１１-W48"]
)
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(DigestError, match="is no ISO week; write the year and the week"):
        parse_week(text)


def weeks(last_event: datetime, **options: object) -> list[date]:
    arguments = {"timezone": "UTC", "weeks": 12, "last": None, **options}
    return chosen_weeks(datetime(2024, 5, 8, tzinfo=UTC), last_event, **arguments)  # type: ignore[arg-type]


def test_a_week_is_complete_when_the_data_reach_into_its_sunday() -> None:
    assert weeks(datetime(2024, 5, 18, 23, 59, tzinfo=UTC)) == [date(2024, 5, 6)]
    assert weeks(datetime(2024, 5, 19, 0, 1, tzinfo=UTC)) == [date(2024, 5, 6), date(2024, 5, 13)]


def test_days_begin_in_the_catalogues_time_zone() -> None:
    late_on_saturday = datetime(2024, 5, 18, 22, 30, tzinfo=UTC)

    assert weeks(late_on_saturday, timezone="Europe/Berlin")[-1] == date(2024, 5, 13)


def test_as_many_weeks_as_asked_for_end_with_the_last() -> None:
    found = weeks(datetime(2024, 7, 1, tzinfo=UTC), weeks=2, last="2024-W22")

    assert found == [date(2024, 5, 20), date(2024, 5, 27)]


@pytest.mark.parametrize("last", ["2024-W18", "2024-W27"])
def test_a_week_outside_the_data_is_refused(last: str) -> None:
    with pytest.raises(DigestError, match=r"Choose one from 2024-W19 to 2024-W26"):
        weeks(datetime(2024, 7, 1, tzinfo=UTC), last=last)


def test_data_of_a_few_days_make_no_digest() -> None:
    with pytest.raises(
        DigestError, match="No week is complete yet: the data reach from 2024-05-08"
    ):
        weeks(datetime(2024, 5, 10, tzinfo=UTC))
