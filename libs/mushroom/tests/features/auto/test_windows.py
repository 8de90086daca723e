import pytest
from mushroom.features.auto.windows import choose_windows

HOUR_S, DAY_S = 3600, 86_400


@pytest.mark.parametrize(
    ("horizon_s", "span_s", "expected"),
    [
        (30 * DAY_S, 10_000 * DAY_S, ("15d", "30d", "360d", "all")),
        (30 * DAY_S, 100 * DAY_S, ("15d", "30d", "all")),
        (30 * DAY_S, 0, ("all",)),
        (DAY_S, 100 * DAY_S, ("12h", "1d", "12d", "all")),
        (HOUR_S, 100 * DAY_S, ("1h", "12h", "all")),  # half an hour is none
        (5 * DAY_S, 100 * DAY_S, ("2d", "5d", "60d", "all")),
    ],
)
def test_windows_follow_horizon_and_span(
    horizon_s: int, span_s: int, expected: tuple[str, ...]
) -> None:
    assert choose_windows(horizon_s=horizon_s, span_s=span_s, times=(12, 0.5, 1)) == expected
