"""Weighing models by their out-of-fold predictions, and judging the outcome fairly."""

from yule_models.ensemble.crossfit import CrossFit, cross_fit
from yule_models.ensemble.selection import blend, select_weights

__all__ = ["CrossFit", "blend", "cross_fit", "select_weights"]
