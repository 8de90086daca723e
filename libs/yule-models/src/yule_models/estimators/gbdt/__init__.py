"""Gradient-boosted decision trees, by LightGBM."""

from yule_models.estimators.gbdt.estimator import GbdtEstimator

__all__ = ["GbdtEstimator"]
