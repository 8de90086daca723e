from typing import ClassVar

from yule_models.registry import model_kinds
from yule_models.testing import EstimatorContract


class TestGbdt(EstimatorContract):
    kind = "gbdt"
    params: ClassVar = {"rounds": 60, "patience": 10, "learning_rate": 0.1}
    has_steps = True


class TestLinearTrees(EstimatorContract):
    kind = "gbdt"
    params: ClassVar = {**TestGbdt.params, "linear_tree": True}
    has_steps = True


class TestNeural(EstimatorContract):
    kind = "neural"
    params: ClassVar = {
        "epochs": 12,
        "patience": 2,
        "width": 32,
        "batch_rows": 64,
        "embedding": 4,
        "learning_rate": 5e-3,
    }
    has_steps = True
    tolerance = 1e-4


class TestTabm(EstimatorContract):
    kind = "tabm"
    params: ClassVar = {**TestNeural.params, "members": 4, "bins": 16}
    has_steps = True
    tolerance = 1e-4


class TestSequence(EstimatorContract):
    kind = "sequence"
    params: ClassVar = {**TestNeural.params, "units": 4}
    has_steps = True
    tolerance = 1e-4


class TestLinear(EstimatorContract):
    kind = "linear"
    params: ClassVar = {"regularisation": 1.0}


class TestConstant(EstimatorContract):
    kind = "constant"
    is_informed = False


def test_every_kind_keeps_the_contract() -> None:
    assert {suite.kind for suite in EstimatorContract.__subclasses__()} == set(model_kinds())
