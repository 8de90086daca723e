"""What can go wrong in forming an ensemble."""

from yule_models.errors import YuleModelsError

__all__ = ["EnsembleError", "EnsembleOptionError"]


class EnsembleError(YuleModelsError):
    """Models cannot be combined as asked."""


class EnsembleOptionError(EnsembleError):
    """An option of an ensemble does not suit its target.

    Attributes:
        option: The option.
    """

    def __init__(self, message: str, *, option: str) -> None:
        super().__init__(message)
        self.option = option
