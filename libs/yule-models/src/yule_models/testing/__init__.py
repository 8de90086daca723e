"""The contract suite that every estimator must pass.

Install the extra ``yule-models[testing]``, subclass the suite in a test module, and pytest collects
it:

    from yule_models.testing import EstimatorContract

    class TestMyEstimator(EstimatorContract):
        kind = "mine"

A kind that is not in the registry overrides `EstimatorContract.make`.
"""

from yule_models.testing.estimator_contract import EstimatorContract
from yule_models.testing.rows import TARGETS, Rows, described_rows

__all__ = ["TARGETS", "EstimatorContract", "Rows", "described_rows"]
