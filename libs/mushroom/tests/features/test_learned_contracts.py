"""Every feature method that learns keeps to the contract."""

from mushroom.features.learned.registry import LEARNED_METHODS, TOP_CATEGORIES
from mushroom.testing import LearnedMethodContract


class TestTopCategories(LearnedMethodContract):
    method = TOP_CATEGORIES
    options = (
        {"table": "events", "windows": ["12h", "7d", "all"], "values": 2},
        {"table": "events", "windows": ["10d"], "aggregates": ["share"]},
    )


def test_every_learned_method_is_under_contract() -> None:
    tested = {suite.method.name for suite in LearnedMethodContract.__subclasses__()}
    assert tested == {method.name for method in LEARNED_METHODS}
