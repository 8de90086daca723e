"""Faults in a configuration are named with their place, and with what to write instead."""

from typing import Any

import pytest
from mushroom.features import (
    FEATURE_METHODS,
    FeatureError,
    feature_schema,
    parse_features,
    validate_features,
)
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
    choices = {c["properties"]["method"]["const"]: c for c in feature_schema()["oneOf"]}
    windows = choices["event_windows"]
    assert set(windows["properties"]) == {
        *("name", "method", "table", "windows", "measures", "categories", "aggregates", "trend"),
        "last_times",
    }
    assert windows["required"] == ["name", "method", "table"]
    assert windows["additionalProperties"] is False
    assert "[hdw]" in windows["properties"]["windows"]["items"]["pattern"]
    related = choices["related"]
    assert set(choices) == set(FEATURE_METHODS)
    assert set(related["properties"]) == {*windows["properties"], "reference", "reach"}
    assert related["required"] == ["name", "method", "table", "reference"]


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"reference": "itme"}, ("reference",), "has no reference 'itme'; did you mean 'item'"),
        ({"measures": ["amuont"]}, ("measures", 0), "`events_of_items` has no measure 'amuont'"),
        ({"reference": "owner", "measures": ["aeg"]}, ("measures", 0), "did you mean 'age'"),
        ({"reference": "owner", "categories": ["pan"]}, ("categories", 0), "did you mean 'plan'"),
        ({"aggregates": ["top"]}, ("aggregates",), "make no column of `events_of_items`"),
        ({"reach": "first"}, ("reach",), "'first' is not known here"),
        ({"table": "attributes"}, ("table",), "is of the kind attributes"),
    ],
)
def test_a_fault_of_a_relation_is_named(
    change: dict[str, Any], path: tuple[str | int, ...], message: str
) -> None:
    good = {"name": "r", "method": "related", "table": "events", "reference": "item"}
    with pytest.raises(FeatureError, match=message) as caught:
        validate_features([good | change], CATALOG)
    assert caught.value.path == (FEATURES, 0, *path)


def test_attributes_behind_a_reference_need_a_history() -> None:
    tables = CATALOG.tables
    lasting = tables["attributes"].model_copy(update={"valid_from": None})
    catalog = CATALOG.model_copy(update={"tables": {**tables, "attributes": lasting}})
    feature = {"name": "r", "method": "related", "table": "events", "reference": "owner"}
    with pytest.raises(FeatureError, match="may not have been known at a past time") as caught:
        validate_features([feature], catalog)
    assert caught.value.path == (FEATURES, 0, "reference")
