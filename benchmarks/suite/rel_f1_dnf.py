"""Formula 1, driver-dnf: AUC on the test rows, from nine tables with no feature by hand."""

from __future__ import annotations

from harness import Result, wanted_seeds
from harness.relational import RelationalYardstick

_YARDSTICK = RelationalYardstick(
    task="driver-dnf",
    target="did_not_finish",
    goals={"seed_time": 0.830, "frozen": 0.740},
    peers={
        "seed_time": ("LightGBM on features written by hand in SQL, 5 seeds ensembled", 0.815),
        "frozen": ("LightGBM on features written by hand in SQL, 5 seeds ensembled", 0.720),
    },
)


def measure() -> Result:
    """Run the case for each seed."""
    return _YARDSTICK.measure(wanted_seeds(default=5))
