"""Neural networks for tables, by torch."""

from yule_models.estimators.neural.mlp import NeuralEstimator
from yule_models.estimators.neural.sequence import SequenceEstimator
from yule_models.estimators.neural.tabm import TabmEstimator

__all__ = ["NeuralEstimator", "SequenceEstimator", "TabmEstimator"]
