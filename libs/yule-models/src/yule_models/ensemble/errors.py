"""What can go wrong in forming an ensemble."""

from yule_models.errors import YuleModelsError

__all__ = ["EnsembleError"]


class EnsembleError(YuleModelsError):
    """Models cannot be combined as asked."""
