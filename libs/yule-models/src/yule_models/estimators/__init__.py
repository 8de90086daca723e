"""Estimators: fitted on tables, predicting matrices, stored in formats that execute nothing."""

from yule_models.estimators.base import CurvePoint, Estimator

__all__ = ["CurvePoint", "Estimator"]
