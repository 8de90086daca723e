"""What can go wrong with models."""

__all__ = ["YuleModelsError"]


class YuleModelsError(Exception):
    """Base class of all errors that this package raises on purpose."""
