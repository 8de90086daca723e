"""What can go wrong with models."""

from collections.abc import Sequence

__all__ = [
    "DivergenceError",
    "EstimatorFormatError",
    "FeatureTypeError",
    "HardwareError",
    "MissingLibraryError",
    "ModelParameterError",
    "NotFittedError",
    "TargetError",
    "TransferError",
    "YuleModelsError",
]


class YuleModelsError(Exception):
    """Base class of all errors that this package raises on purpose."""


class TargetError(YuleModelsError, ValueError):
    """A target is malformed, or labels do not suit it."""


class FeatureTypeError(YuleModelsError, TypeError):
    """A table of features has columns that a model cannot take."""


class NotFittedError(YuleModelsError):
    """An estimator was asked to predict or to be saved before it was fitted."""


class EstimatorFormatError(YuleModelsError):
    """A stored estimator cannot be read by this version."""


class MissingLibraryError(YuleModelsError, ImportError):
    """A kind of model needs a library that is not installed."""


class HardwareError(YuleModelsError):
    """A model asks for hardware that is not there."""


class DivergenceError(YuleModelsError, ArithmeticError):
    """A fit went astray: its loss is no longer a finite number."""


class ModelParameterError(YuleModelsError, ValueError):
    """A kind of model is unknown, or one of its parameters is.

    Attributes:
        path: Where the fault lies in the model's configuration, such as ``("params", "rounds")``.
    """

    def __init__(self, message: str, *, path: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.path = tuple(path)


class TransferError(YuleModelsError):
    """A model cannot start from what another one has learned."""
