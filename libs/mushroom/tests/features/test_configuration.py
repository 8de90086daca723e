"""Faults in a configuration are named with their place, and with what to write instead."""

from typing import Any

import pytest
from mushroom.features import FeatureError, feature_schema, parse_features, validate_features
from mushroom.testing import World

CATALOG = World.of(events=[], attributes=[]).catalog
GOOD = {"name": "purchases", "method": "event_windows", "table": "events"}
FEATURES = "features"


def test_a_good_configuration_passes() -> None:
    features = [GOOD, {"name": "who", "method": "entity_attributes", "table": "attributes"}]
    validate_features(features, CATALOG)
    assert [feature.name for feature in parse_features(features)] == ["purchases", "who"]


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"method": "event_window"}, ("method",), "did you mean 'event_windows'"),
        ({"method": None}, ("method",), "needs a `method`, one of event_windows"),
        ({"name": "a.b"}, ("name",), "letters, digits and underscores"),
        ({"window": ["7d"]}, ("window",), "did you mean 'windows'"),
        ({"windows": ["7d", "30 days"]}, ("windows", 1), "'30 days' is not a window"),
        ({"windows": ["7d", "1w"]}, ("windows",), "may stand once"),
        ({"windows": "7d"}, ("windows",), "got '7d'"),
        ({"table": "event"}, ("table",), "did you mean 'events'"),
        ({"table": "attributes"}, ("table",), "is of the kind attributes"),
        ({"measures": ["amount", "amuont"]}, ("measures", 1), "did you mean 'amount'"),
        ({"categories": ["itme"]}, ("categories", 0), "did you mean 'item'"),
        ({"aggregates": ["cuont"]}, ("aggregates", 0), "did you mean 'count'"),
        ({"aggregates": ["sum"], "measures": []}, ("aggregates",), "make no column"),
    ],
)
def test_a_fault_is_named(
    change: dict[str, Any], path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(FeatureError, match=message) as caught:
        validate_features([GOOD | {"name": "first"}, GOOD | change], CATALOG)
    assert caught.value.path == (FEATURES, 1, *path)


def test_a_missing_option_is_named() -> None:
    with pytest.raises(FeatureError, match="`table` is missing") as caught:
        parse_features([{"name": "a", "method": "event_windows"}])
    assert caught.value.path == (FEATURES, 0, "table")


def test_a_name_may_stand_once() -> None:
    with pytest.raises(FeatureError, match="'purchases' stands twice") as caught:
        parse_features([GOOD, GOOD])
    assert caught.value.path == (FEATURES, 1, "name")


def test_an_unknown_attribute_column_is_named() -> None:
    feature = {"name": "a", "method": "entity_attributes", "table": "attributes"}
    with pytest.raises(FeatureError, match="did you mean 'plan'") as caught:
        validate_features([feature | {"columns": ["plna"]}], CATALOG)
    assert caught.value.path == (FEATURES, 0, "columns", 0)


def test_the_schema_lists_every_option() -> None:
    windows, attributes = feature_schema()["oneOf"]
    assert set(windows["properties"]) == {
        *("name", "method", "table", "windows", "measures", "categories", "aggregates", "trend"),
        "last_times",
    }
    assert windows["required"] == ["name", "method", "table"]
    assert windows["additionalProperties"] is False
    assert "[hdw]" in windows["properties"]["windows"]["items"]["pattern"]
    assert attributes["properties"]["method"]["const"] == "entity_attributes"
