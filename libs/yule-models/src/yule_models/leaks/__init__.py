"""The leak sentinel: features that tell more of the outcome than could be known at the time."""

from yule_models.leaks.columns import ColumnSource, StoredColumns
from yule_models.leaks.sentinel import find_leaks

__all__ = ["ColumnSource", "StoredColumns", "find_leaks"]
