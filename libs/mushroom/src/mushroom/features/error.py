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
        others: Further faults of the same feature.
    """

    def __init__(
        self, message: str, *, path: Sequence[str | int] = (), others: Sequence[FeatureError] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path: tuple[str | int, ...] = tuple(path)
        self.others = tuple(others)

    def under(self, *prefix: str | int) -> FeatureError:
        """The same error, its path seen from further up."""
        return self.instead_of((), prefix)

    def instead_of(self, old: Sequence[str | int], new: Sequence[str | int]) -> FeatureError:
        """The same error, with another beginning of its path."""
        others = [other.instead_of(old, new) for other in self.others]
        return FeatureError(self.message, path=(*new, *self.path[len(old) :]), others=others)
