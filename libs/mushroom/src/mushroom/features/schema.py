"""The JSON Schema of a feature, for editors that complete and check a configuration."""

from __future__ import annotations

from typing import Any

from mushroom.features.configuration import NAME_PATTERN
from mushroom.features.method import FeatureMethod
from mushroom.features.registry import FEATURE_METHODS

__all__ = ["feature_schema"]


def feature_schema() -> dict[str, Any]:
    """The schema of one entry of a configuration's features: one of the methods, and its options.

    >>> [choice["properties"]["method"]["const"] for choice in feature_schema()["oneOf"]][:3]
    ['event_windows', 'entity_attributes', 'related']
    """
    return {
        "title": "Feature",
        "type": "object",
        "required": ["name", "method"],
        "oneOf": [_choice(method) for method in FEATURE_METHODS.values()],
    }


def _choice(method: FeatureMethod) -> dict[str, Any]:
    options = method.options.model_json_schema()
    return {
        **options,
        "title": method.name,
        "description": f"{method.summary} Cost: {method.cost}",
        "properties": {
            "name": {
                "type": "string",
                "pattern": NAME_PATTERN,
                "description": "What the feature's columns are named after.",
            },
            "method": {"const": method.name, "description": method.summary},
            **options["properties"],
        },
        "required": ["name", "method", *options.get("required", [])],
    }
