"""Formula 1, driver-top3: AUC on the test rows, from nine tables with no feature by hand."""

from __future__ import annotations

from harness import Result, wanted_seeds
from harness.relational import RelationalYardstick

_YARDSTICK = RelationalYardstick(
    task="driver-top3",
    target="qualifying",
    goals={"seed_time": 0.920, "frozen": 0.850},
    peers={
        "seed_time": ("LightGBM on features written by hand in SQL, 5 seeds ensembled", 0.915),
        "frozen": ("LightGBM on features written by hand in SQL", 0.832),
    },
)


def measure() -> Result:
    """Run the case for each seed."""
    return _YARDSTICK.measure(wanted_seeds(default=5))
