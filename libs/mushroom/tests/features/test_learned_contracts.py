"""Every feature method that learns keeps to the contract."""

from mushroom.features.learned.registry import (
    EVENT_SEQUENCES,
    ITEM_EMBEDDINGS,
    LEARNED_METHODS,
    TEXT_EMBEDDINGS,
    TOP_CATEGORIES,
)
from mushroom.testing import LearnedMethodContract


class TestTopCategories(LearnedMethodContract):
    method = TOP_CATEGORIES
    options = (
        {"table": "events", "windows": ["12h", "7d", "all", "last3"], "values": 2},
        {"table": "events", "windows": ["10d"], "aggregates": ["share"]},
    )


class TestItemEmbeddings(LearnedMethodContract):
    method = ITEM_EMBEDDINGS
    options = (
        {"table": "events", "category": "item", "dimensions": 3, "items": 4},
        {"table": "events", "category": "item", "dimensions": 2, "rarity": False}
        | {"measure": "amount", "window": "10d"},
    )


class TestTextEmbeddings(LearnedMethodContract):
    method = TEXT_EMBEDDINGS
    options = ({"table": "attributes", "column": "plan", "dimensions": 2, "words": 2, "terms": 5},)


class TestEventSequences(LearnedMethodContract):
    method = EVENT_SEQUENCES
    options = (
        {"table": "events", "length": 3, "values": 2},
        {"table": "events", "measures": []},
    )


def test_every_learned_method_is_under_contract() -> None:
    tested = {suite.method.name for suite in LearnedMethodContract.__subclasses__()}
    assert tested == {method.name for method in LEARNED_METHODS}
