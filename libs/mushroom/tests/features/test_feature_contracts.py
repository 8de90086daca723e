"""Every feature method keeps to the contract."""

from mushroom.features import FEATURE_METHODS
from mushroom.features.event_windows.options import ALL_AGGREGATES
from mushroom.features.learned.registry import LEARNED_METHODS
from mushroom.testing import FeatureMethodContract


class TestEventWindows(FeatureMethodContract):
    method = FEATURE_METHODS["event_windows"]
    options = (
        {"table": "events", "windows": ["12h", "7d", "2w", "all"]},
        {"table": "events", "windows": ["10d"], "aggregates": ["recency", "top"]},
        {
            "table": "events",
            "windows": ["7d", "all", "last3"],
            "aggregates": ALL_AGGREGATES,
            "trend": ["change"],
        },
    )


class TestEntityAttributes(FeatureMethodContract):
    method = FEATURE_METHODS["entity_attributes"]
    options = ({"table": "attributes"}, {"table": "attributes", "columns": ["plan"]})


class TestRelatedAttributes(FeatureMethodContract):
    method = FEATURE_METHODS["related"]
    options = (
        {"table": "events", "reference": "owner", "windows": ["7d", "all"]},
        {"table": "events", "reference": "owner", "measures": [], "aggregates": ["last", "hours"]},
    )


class TestRelatedEvents(FeatureMethodContract):
    method = FEATURE_METHODS["related"]
    options = (
        {"table": "events", "reference": "item", "windows": ["7d", "all", "last3"]},
        {"table": "events", "reference": "item", "reach": "all", "aggregates": ["sum", "streaks"]},
    )


def test_every_method_is_under_contract() -> None:
    # Those that tests of the contract itself define stand elsewhere.
    suites = [
        suite for suite in FeatureMethodContract.__subclasses__() if suite.__module__ == __name__
    ]
    learned = {method.name for method in LEARNED_METHODS}
    assert {suite.method.name for suite in suites} == set(FEATURE_METHODS) - learned
