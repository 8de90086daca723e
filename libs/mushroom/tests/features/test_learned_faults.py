"""Faults in the options of methods that learn are named with their place."""

from typing import Any

import pytest
from mushroom.features import FeatureError, validate_features
from mushroom.testing import World

CATALOG = World.of(events=[], attributes=[]).catalog


@pytest.mark.parametrize(
    ("feature", "path", "message"),
    [
        ({"method": "top_categories", "categories": ["itm"]}, ("categories", 0), "'item'"),
        ({"method": "top_categories", "values": 0}, ("values",), "got 0"),
        ({"method": "item_embeddings"}, ("category",), "is missing"),
        ({"method": "item_embeddings", "category": "itm"}, ("category",), "'item'"),
        (
            {"method": "item_embeddings", "category": "item", "measure": "amuont"},
            ("measure",),
            "'amount'",
        ),
        (
            {"method": "item_embeddings", "category": "item", "window": "last5"},
            ("window",),
            "no length of time",
        ),
        (
            {"method": "text_embeddings", "table": "attributes", "column": "plam"},
            ("column",),
            "'plan'",
        ),
        (
            {"method": "text_embeddings", "table": "attributes", "column": "age"},
            ("column",),
            "of the type INT64, and no text",
        ),
    ],
)
def test_a_fault_is_named(
    feature: dict[str, Any], path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(FeatureError, match=message) as caught:
        validate_features([{"name": "f", "table": "events", **feature}], CATALOG)
    assert caught.value.path == ("features", 0, *path)
