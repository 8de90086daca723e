"""What can go wrong in dividing rows into folds."""

from yule_models.errors import YuleModelsError

__all__ = ["FoldError"]


class FoldError(YuleModelsError):
    """The rows cannot be divided into folds as asked.

    Attributes:
        field: The option that cannot be, `repeats` or `gap`; None where it is not one alone.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
