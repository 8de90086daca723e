"""Which columns a case reads earlier than its own catalogue says that they are known."""

from collections.abc import Iterator
from typing import Any

from mushroom import Catalog, LateColumn, late_columns

from yule_cli.resolution.resolved import ResolvedCase

__all__ = ["columns_known_later"]


def columns_known_later(resolved: ResolvedCase) -> tuple[LateColumn, ...]:
    """Return what contradicts a `known_at`, of the tables that the features read."""
    catalog = Catalog.model_validate(resolved.source["catalog"])
    tables = {name for feature in resolved.features for name in _tables(feature, catalog)}
    return late_columns(catalog, tables)


def _tables(feature: dict[str, Any], catalog: Catalog) -> Iterator[str]:
    table = str(feature["table"])
    yield table
    if "reference" in feature:
        yield catalog.events(table).references[feature["reference"]].table
