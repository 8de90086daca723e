"""BigQuery: jobs that are paid for once, results as Arrow, tables read as they were planned."""

from mushroom.warehouse.bigquery.export import export_query, read_export
from mushroom.warehouse.bigquery.warehouse import BigQueryWarehouse

__all__ = ["BigQueryWarehouse", "export_query", "read_export"]
