"""What a list is asked for, and the past times that its model learns from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reactivation_list.errors import RequestError

__all__ = ["Request", "cutoffs"]

_MOST_CUTOFFS = 8
_STEPS_IN_HORIZON = 2


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a list is asked for.

    Attributes:
        lapsed_after_days: Who has no event in so many days has lapsed. A day is 24 hours.
        horizon_days: Who has an event within so many days afterwards came back.
        memory_days: Customers without an event in so many days before they lapsed are forgotten.
        model: A kind of `yule_models`: what learns the chances.
        seed: Of that model's random generators.
    """

    lapsed_after_days: int = 60
    horizon_days: int = 60
    memory_days: int = 365
    model: str = "gbdt"
    seed: int = 0

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            RequestError: One is below 1.
        """
        for name in ("lapsed_after_days", "horizon_days", "memory_days"):
            if (days := getattr(self, name)) < 1:
                raise RequestError(f"{name} must be 1 day or more, got {days}.")


def cutoffs(request: Request, *, as_of: datetime, first_event: datetime) -> list[datetime]:
    """The past times that are looked back from, ascending.

    Each lies half a horizon before the next, by days of 24 hours whatever clocks do, and is told in
    the time zone of `as_of`. The last outcome is known at `as_of`, and before the first time
    somebody could lapse. Of more than eight, the latest are taken.

    Args:
        request: What is asked for.
        as_of: The time of the list.
        first_event: When the data begin.

    Raises:
        RequestError: The data are too short: no time could be validated by a model that had learned
            from an earlier one whose outcomes were known by then.
    """
    horizon = timedelta(days=request.horizon_days)
    earliest = first_event + timedelta(days=request.lapsed_after_days)
    step = horizon / _STEPS_IN_HORIZON
    last = as_of.astimezone(UTC) - horizon
    found = [last - step * i for i in range(_MOST_CUTOFFS) if last - step * i >= earliest]
    if len(found) <= _STEPS_IN_HORIZON:
        needed = 2 * request.horizon_days + request.lapsed_after_days
        raise RequestError(
            f"The data reach back {(as_of - first_event).days} days before "
            f"{as_of.date().isoformat()}, and a list needs {needed}: two horizons, and the time to "
            "lapse. Shorten --horizon or --lapsed-after, or take a later --as-of."
        )
    return [time.astimezone(as_of.tzinfo) for time in reversed(found)]
