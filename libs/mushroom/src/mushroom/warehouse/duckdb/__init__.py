"""DuckDB, embedded: a folder of files read in place, or a database file."""

from mushroom.warehouse.duckdb.warehouse import DuckDBWarehouse

__all__ = ["DuckDBWarehouse"]
