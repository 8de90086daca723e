"""Estimators: fitted on tables, predicting matrices, stored in formats that execute nothing."""

from yule_models.estimators.base import Estimator
from yule_models.estimators.inputs import CurvePoint

__all__ = ["CurvePoint", "Estimator"]
