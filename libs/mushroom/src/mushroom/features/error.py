"""What a feature configuration can get wrong."""

from __future__ import annotations

from collections.abc import Sequence

from mushroom.errors import MushroomError

__all__ = ["FeatureError"]


class FeatureError(MushroomError):
    """A feature that cannot be computed as configured.

    Attributes:
        path: Where the fault lies in the configuration, such as
            ``("features", 0, "windows")``; empty where no configuration is at hand.
        message: What is wrong, the value seen, what to do.
    """

    def __init__(self, message: str, *, path: Sequence[str | int] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path: tuple[str | int, ...] = tuple(path)

    def under(self, *prefix: str | int) -> FeatureError:
        """The same error, its path seen from further up."""
        return FeatureError(self.message, path=(*prefix, *self.path))
