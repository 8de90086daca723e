"""Which features a fold's models are given, learned from its training rows alone."""

from yule_models.selection.options import SelectionError, SelectionOptions
from yule_models.selection.select import Selection, select_features

__all__ = ["Selection", "SelectionError", "SelectionOptions", "select_features"]
