from datetime import UTC, datetime

import pyarrow as pa
import pytest
from reactivation_list.ranking import ACTIVE_DAYS, AGE, SILENCE, ranked

NOW = datetime(2024, 7, 1, tzinfo=UTC)


def rows(ids: list[str], active: list[int], age: list[float], chance: list[float]) -> pa.Table:
    features = pa.table(
        {
            "entity_id": ids,
            "as_of": [NOW] * len(ids),
            ACTIVE_DAYS: active,
            AGE: age,
            SILENCE: [25.0] * len(ids),
        }
    )
    scored = pa.table({"entity_id": ids, "as_of": [NOW] * len(ids), "returned": chance})
    return ranked(features, scored, lapsed_after_days=20)


def test_the_list_goes_by_what_a_return_is_expected_to_win() -> None:
    found = rows(["often", "rarely", "likely"], [40, 2, 10], [120, 120, 120], [0.3, 0.5, 0.9])

    # 100 days of history before the 20 that count: 8, 0.4 and 2 active days in 20.
    assert found.select(
        ["rank", "entity_id", "fall_days", "rank_by_chance", "rank_by_fall"]
    ).to_pydict() == {
        "rank": [1, 2, 3],
        "entity_id": ["often", "likely", "rarely"],
        "fall_days": [8.0, 2.0, 0.4],
        "rank_by_chance": [3, 1, 2],
        "rank_by_fall": [1, 2, 3],
    }
    assert found["expected_days"].to_pylist() == pytest.approx([2.4, 1.8, 0.2])
    assert found["reason"][0].as_py() == (
        "Active on 40 days in 100 days before; 8.0 were to be expected in the last 20 days, and "
        "none came. Silent for 25 days."
    )


def test_a_short_history_is_not_blown_up() -> None:
    found = rows(["once"], [1], [21.0], [0.5])

    assert found["history_days"].to_pylist() == [20.0]
    assert found["fall_days"].to_pylist() == [1.0]
    assert found["reason"][0].as_py().startswith("Active on 1 day in 20 days before;")


def test_ties_go_by_the_id_whatever_the_order() -> None:
    one = rows(["b", "a", "c"], [5, 5, 5], [120] * 3, [0.5] * 3)
    other = rows(["c", "b", "a"], [5, 5, 5], [120] * 3, [0.5] * 3)

    assert one["entity_id"].to_pylist() == ["a", "b", "c"]
    assert one["rank_by_fall"].to_pylist() == one["rank_by_chance"].to_pylist() == [1, 2, 3]
    assert one.equals(other)
