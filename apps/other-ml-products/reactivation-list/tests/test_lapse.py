from datetime import UTC, datetime

import pyarrow as pa
import pytest
from reactivation_list import RequestError
from reactivation_list.lapse import lapsed_rows, with_outcomes

MAY, JUNE = datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)
MAY_11, JUNE_11 = datetime(2024, 5, 11, tzinfo=UTC), datetime(2024, 6, 11, tzinfo=UTC)


def labels(*rows: tuple[int, datetime, bool]) -> pa.Table:
    ids, times, values = zip(*rows, strict=True)
    at = pa.array(times, pa.timestamp("us", "UTC"))
    return pa.table({"entity_id": ids, "as_of": at, "label": values})


STOPPED = labels((2, JUNE, True), (1, MAY, True), (1, JUNE, False), (2, MAY, False))


def test_a_silence_is_told_of_at_its_end() -> None:
    rows = lapsed_rows(STOPPED, lapsed_after_days=10)

    assert rows.to_pydict() == {
        "entity_id": [1, 2],
        "as_of": [MAY_11, JUNE_11],
        "data_until": [MAY_11, JUNE_11],
    }


def test_outcomes_are_found_by_customer_and_time() -> None:
    returned = labels((1, MAY_11, False), (2, MAY_11, False), (2, JUNE_11, True))

    rows = with_outcomes(lapsed_rows(STOPPED, lapsed_after_days=10), returned)

    assert rows.column_names == ["entity_id", "as_of", "data_until", "returned"]
    assert rows["returned"].to_pylist() == [0, 1]


def test_where_nobody_lapsed_there_is_no_list() -> None:
    with pytest.raises(RequestError, match=r"Nobody has lapsed: of 1 customers .* last 10 days"):
        lapsed_rows(labels((1, MAY, False)), lapsed_after_days=10)
