"""Feature methods: options, and the query that describes entities by them."""

from mushroom.features.configuration import Feature, parse_features, validate_features
from mushroom.features.error import FeatureError
from mushroom.features.method import FeatureMethod
from mushroom.features.registry import FEATURE_METHODS, feature_method
from mushroom.features.rows import feature_rows
from mushroom.features.schema import feature_schema

__all__ = [
    "FEATURE_METHODS",
    "Feature",
    "FeatureError",
    "FeatureMethod",
    "feature_method",
    "feature_rows",
    "feature_schema",
    "parse_features",
    "validate_features",
]
