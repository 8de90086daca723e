"""Combining models by their out-of-fold predictions, and judging the outcome fairly."""

from yule_models.ensemble.blend import Blend
from yule_models.ensemble.calibration import Calibration, fit_calibration
from yule_models.ensemble.combining import Combination, combine
from yule_models.ensemble.crossfit import CrossFit, cross_fit
from yule_models.ensemble.errors import EnsembleError, EnsembleOptionError
from yule_models.ensemble.fit import EnsembleFit, fit_ensemble
from yule_models.ensemble.intervals import ResidualInterval, fit_interval
from yule_models.ensemble.oof import ModelOof, gather_oof
from yule_models.ensemble.options import EnsembleOptions
from yule_models.ensemble.selection import blend, select_weights

__all__ = [
    "Blend",
    "Calibration",
    "Combination",
    "CrossFit",
    "EnsembleError",
    "EnsembleFit",
    "EnsembleOptionError",
    "EnsembleOptions",
    "ModelOof",
    "ResidualInterval",
    "blend",
    "combine",
    "cross_fit",
    "fit_calibration",
    "fit_ensemble",
    "fit_interval",
    "gather_oof",
    "select_weights",
]
