"""Shared download methods and point-in-time correct features, on DuckDB or BigQuery."""

__version__ = "0.1.0"
