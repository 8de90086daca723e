"""What is odd about the rows of a feature table: told from what is stored, to be reported."""

from __future__ import annotations

from typing import Any

from gokart_store import Resources, StoredTask, UpstreamListParameter, UpstreamParameter

from mushroom.features.description import describe_features

__all__ = ["DescribeFeatures"]


class DescribeFeatures(StoredTask[dict[str, Any]]):
    """Counts the rows that no feature knows, the odd values, and the columns that say nothing.

    The result is the JSON of `mushroom.features.description.describe_features`.

    Args:
        features: A `FeatureTable`.
        parts: The feature tasks that it joins.
    """

    VERSION = 1
    features = UpstreamParameter()
    parts = UpstreamListParameter()

    def required_resources(self) -> Resources:
        """Little: it reads two columns of each part, and the footers of the table's files."""
        return Resources(cpu=1, memory_gib=1)

    def run(self) -> None:
        """Describe and store."""
        parts = {part.name: part.result() for part in self.parts}
        self.dump(describe_features(self.features.result(), parts))
