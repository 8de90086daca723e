from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reactivation_list import Request, RequestError
from reactivation_list.request import cutoffs

NOW = datetime(2024, 7, 1, tzinfo=UTC)
days = st.integers(1, 400)


@given(days, days, st.integers(1, 3000))
def test_outcomes_are_known_and_somebody_could_have_lapsed(
    lapse: int, horizon: int, reach: int
) -> None:
    request = Request(lapsed_after_days=lapse, horizon_days=horizon)
    begins = NOW - timedelta(days=reach)

    if reach < 2 * horizon + lapse:
        with pytest.raises(RequestError, match=f"a list needs {2 * horizon + lapse}"):
            cutoffs(request, as_of=NOW, first_event=begins)
        return
    times = cutoffs(request, as_of=NOW, first_event=begins)

    assert times == sorted(set(times))
    assert times[-1] + timedelta(days=horizon) == NOW
    assert times[0] - timedelta(days=lapse) >= begins
    # A model of the first can be judged at the third, or later.
    assert times[0] + timedelta(days=horizon) <= times[2]
    assert len(times) <= 8


@pytest.mark.parametrize("name", ["lapsed_after_days", "horizon_days", "memory_days"])
def test_numbers_of_days_are_positive(name: str) -> None:
    with pytest.raises(RequestError, match=f"{name} must be 1 day or more, got 0"):
        Request(**{name: 0})  # type: ignore[arg-type]
