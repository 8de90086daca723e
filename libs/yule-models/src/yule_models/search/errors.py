"""What can go wrong in a search."""

from yule_models.errors import YuleModelsError

__all__ = ["SearchError"]


class SearchError(YuleModelsError):
    """No trial of a search can be judged, or none came to an end."""
