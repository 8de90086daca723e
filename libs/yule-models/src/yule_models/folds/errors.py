"""What can go wrong in dividing rows into folds."""

from yule_models.errors import YuleModelsError

__all__ = ["FoldError"]


class FoldError(YuleModelsError):
    """The rows cannot be divided into folds as asked."""
