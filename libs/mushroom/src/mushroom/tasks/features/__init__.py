"""gokart tasks that compute features and join them."""

from mushroom.features import feature_schema, validate_features
from mushroom.tasks.features.aligned import AlignedTask
from mushroom.tasks.features.describe import DescribeFeatures
from mushroom.tasks.features.feature_tasks import feature_tasks
from mushroom.tasks.features.fit import FitFeature
from mushroom.tasks.features.learned import ApplyFeature
from mushroom.tasks.features.methods import EntityAttributes, EventWindows, FeatureTask, Related
from mushroom.tasks.features.sequenced import SequencedTable
from mushroom.tasks.features.table import FeatureTable

__all__ = [
    "AlignedTask",
    "ApplyFeature",
    "DescribeFeatures",
    "EntityAttributes",
    "EventWindows",
    "FeatureTable",
    "FeatureTask",
    "FitFeature",
    "Related",
    "SequencedTable",
    "feature_schema",
    "feature_tasks",
    "validate_features",
]
