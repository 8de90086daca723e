from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from mushroom.errors import EntityError
from mushroom.settled import check_settled, end_of_day

TIME = pa.timestamp("us", tz="UTC")
LABELS = pa.table(
    {
        "entity_id": [7, 8, 9],
        "as_of": pa.array([datetime(2024, month, 1, tzinfo=UTC) for month in (1, 2, 3)], TIME),
    }
)
DAYS_30 = 30 * 86_400


def test_labels_whose_horizon_has_ended_are_settled() -> None:
    check_settled(LABELS, horizon_s=DAYS_30, known_until=datetime(2024, 3, 31, tzinfo=UTC))


def test_labels_that_look_further_than_the_data_are_refused() -> None:
    with pytest.raises(EntityError) as caught:
        check_settled(LABELS, horizon_s=DAYS_30, known_until=datetime(2024, 2, 28, tzinfo=UTC))

    assert str(caught.value) == (
        "The labels of 2 of 3 rows look further ahead than the data reach (2024-02-28), such as "
        "entity 8 as of 2024-02-01, whose horizon ends 2024-03-02. Leave out the rows as of later "
        "than 2024-01-29, or shorten the horizon."
    )


def test_times_are_told_in_the_time_zone_of_the_catalogue() -> None:
    midnights = [datetime(2024, 1, 14, 15, tzinfo=UTC), datetime(2024, 2, 14, 15, tzinfo=UTC)]
    labels = LABELS.slice(0, 2).set_column(1, "as_of", pa.array(midnights, TIME))
    known_until = datetime(2024, 3, 1, tzinfo=ZoneInfo("Asia/Tokyo"))

    with pytest.raises(EntityError) as caught:
        check_settled(labels, horizon_s=DAYS_30, known_until=known_until)

    assert str(caught.value) == (
        "The labels of 1 of 2 rows look further ahead than the data reach (2024-03-01), such as "
        "entity 8 as of 2024-02-15, whose horizon ends 2024-03-16. Leave out the rows as of later "
        "than 2024-01-31, or shorten the horizon."
    )


def test_a_day_that_the_data_reach_into_counts_as_a_whole() -> None:
    moment = datetime(2024, 7, 1, 21, 59, 59, tzinfo=UTC)

    assert end_of_day(moment, timezone="Europe/Berlin") == datetime(2024, 7, 1, 22, tzinfo=UTC)
    assert end_of_day(moment, timezone="UTC") == datetime(2024, 7, 2, tzinfo=UTC)
