"""Neural networks for tables, by torch."""

from yule_models.estimators.neural.estimator import NeuralEstimator

__all__ = ["NeuralEstimator"]
