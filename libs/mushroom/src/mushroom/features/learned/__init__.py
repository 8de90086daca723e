"""Feature methods that learn something of the data before they describe anybody by it."""

from mushroom.features.learned.method import Fitting, LearnedMethod, State

__all__ = ["Fitting", "LearnedMethod", "State"]
