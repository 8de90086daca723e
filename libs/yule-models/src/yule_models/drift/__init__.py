"""Whether the rows that are scored look like those that models learned from."""

from yule_models.drift.comparison import find_drift
from yule_models.drift.sampling import sample_rows

__all__ = ["find_drift", "sample_rows"]
