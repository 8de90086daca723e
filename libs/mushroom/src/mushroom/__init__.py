"""Shared download methods and point-in-time correct features, on DuckDB or BigQuery.

Names are imported on first use: `from mushroom import load_catalog` does not load DuckDB or gokart.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mushroom.catalog import Attributes, Catalog, Events, check_catalog, load_catalog
    from mushroom.catalog.late_columns import LateColumn, late_columns
    from mushroom.document import Document, FieldPath, read_document, show_path
    from mushroom.durations import parse_duration_s
    from mushroom.errors import (
        CatalogError,
        DocumentError,
        EntityError,
        MethodError,
        MushroomError,
        QueryError,
        SnapshotChangedError,
        WarehouseError,
    )
    from mushroom.features.auto import choose_features, event_spans
    from mushroom.features.configuration import validate_features
    from mushroom.features.error import FeatureError
    from mushroom.features.registry import holds_sequences
    from mushroom.features.schema import feature_schema
    from mushroom.googlesql import parse_query
    from mushroom.instants import parse_instant
    from mushroom.labels import LabelOptions, parse_labels
    from mushroom.latest import latest_event
    from mushroom.methods import load_method, method_names, parse_method
    from mushroom.query import LocalRows, PhysicalTable, Query
    from mushroom.rows import RowOptions, check_columns
    from mushroom.settled import check_settled, end_of_day
    from mushroom.source import Source
    from mushroom.tasks.base import WarehouseTask
    from mushroom.tasks.download import Download
    from mushroom.tasks.entity_rows import EntityRows
    from mushroom.tasks.features.describe import DescribeFeatures
    from mushroom.tasks.features.feature_tasks import feature_tasks
    from mushroom.tasks.features.sequenced import SequencedTable
    from mushroom.tasks.features.table import FeatureTable
    from mushroom.tasks.labels import LabelRows
    from mushroom.tasks.population import Population
    from mushroom.tasks.sizes import count_rows, count_table_rows, feature_width, tables_read
    from mushroom.warehouse import Warehouse, append_rows, open_warehouse, write_table

__version__ = "0.1.0"

_MODULE_OF = {
    "Attributes": "catalog",
    "Catalog": "catalog",
    "CatalogError": "errors",
    "DescribeFeatures": "tasks.features.describe",
    "Document": "document",
    "DocumentError": "errors",
    "Download": "tasks.download",
    "EntityError": "errors",
    "EntityRows": "tasks.entity_rows",
    "Events": "catalog",
    "FeatureError": "features.error",
    "FeatureTable": "tasks.features.table",
    "FieldPath": "document",
    "LabelOptions": "labels",
    "LabelRows": "tasks.labels",
    "LateColumn": "catalog.late_columns",
    "LocalRows": "query",
    "MethodError": "errors",
    "MushroomError": "errors",
    "PhysicalTable": "query",
    "Population": "tasks.population",
    "Query": "query",
    "QueryError": "errors",
    "RowOptions": "rows",
    "SnapshotChangedError": "errors",
    "SequencedTable": "tasks.features.sequenced",
    "Source": "source",
    "Warehouse": "warehouse",
    "WarehouseError": "errors",
    "WarehouseTask": "tasks.base",
    "append_rows": "warehouse",
    "check_catalog": "catalog",
    "check_columns": "rows",
    "check_settled": "settled",
    "choose_features": "features.auto",
    "count_rows": "tasks.sizes",
    "count_table_rows": "tasks.sizes",
    "end_of_day": "settled",
    "event_spans": "features.auto",
    "feature_schema": "features.schema",
    "feature_tasks": "tasks.features.feature_tasks",
    "feature_width": "tasks.sizes",
    "holds_sequences": "features.registry",
    "late_columns": "catalog.late_columns",
    "latest_event": "latest",
    "load_catalog": "catalog",
    "load_method": "methods",
    "method_names": "methods",
    "open_warehouse": "warehouse",
    "parse_duration_s": "durations",
    "parse_instant": "instants",
    "parse_labels": "labels",
    "parse_method": "methods",
    "parse_query": "googlesql",
    "read_document": "document",
    "show_path": "document",
    "tables_read": "tasks.sizes",
    "validate_features": "features.configuration",
    "write_table": "warehouse",
}

__all__ = [
    "Attributes",
    "Catalog",
    "CatalogError",
    "DescribeFeatures",
    "Document",
    "DocumentError",
    "Download",
    "EntityError",
    "EntityRows",
    "Events",
    "FeatureError",
    "FeatureTable",
    "FieldPath",
    "LabelOptions",
    "LabelRows",
    "LateColumn",
    "LocalRows",
    "MethodError",
    "MushroomError",
    "PhysicalTable",
    "Population",
    "Query",
    "QueryError",
    "RowOptions",
    "SequencedTable",
    "SnapshotChangedError",
    "Source",
    "Warehouse",
    "WarehouseError",
    "WarehouseTask",
    "append_rows",
    "check_catalog",
    "check_columns",
    "check_settled",
    "choose_features",
    "count_rows",
    "count_table_rows",
    "end_of_day",
    "event_spans",
    "feature_schema",
    "feature_tasks",
    "feature_width",
    "holds_sequences",
    "late_columns",
    "latest_event",
    "load_catalog",
    "load_method",
    "method_names",
    "open_warehouse",
    "parse_duration_s",
    "parse_instant",
    "parse_labels",
    "parse_method",
    "parse_query",
    "read_document",
    "show_path",
    "tables_read",
    "validate_features",
    "write_table",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
