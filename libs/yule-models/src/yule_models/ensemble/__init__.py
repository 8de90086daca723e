"""Weighing models by their out-of-fold predictions, and judging the outcome fairly."""

from yule_models.ensemble.crossfit import CrossFit, cross_fit
from yule_models.ensemble.errors import EnsembleError
from yule_models.ensemble.fit import EnsembleFit, fit_ensemble
from yule_models.ensemble.oof import ModelOof, gather_oof
from yule_models.ensemble.options import EnsembleOptions
from yule_models.ensemble.selection import blend, select_weights

__all__ = [
    "CrossFit",
    "EnsembleError",
    "EnsembleFit",
    "EnsembleOptions",
    "ModelOof",
    "blend",
    "cross_fit",
    "fit_ensemble",
    "gather_oof",
    "select_weights",
]
