"""The DuckDB warehouses keep to the contract."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from mushroom.testing import WarehouseContract
from mushroom.warehouse import Warehouse, open_warehouse


class TestFolderOfParquet(WarehouseContract):
    def make(self, folder: Path, tables: Mapping[str, pa.Table]) -> Warehouse:
        for name, table in tables.items():
            pq.write_table(table, folder / f"{name}.parquet")
        return open_warehouse(f"duckdb:{folder}", root=folder)


class TestDatabaseFile(WarehouseContract):
    def make(self, folder: Path, tables: Mapping[str, pa.Table]) -> Warehouse:
        path = folder / "shop.duckdb"
        path.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as connection:
            for name, table in tables.items():
                connection.from_arrow(table).create(name)
        return open_warehouse("duckdb:shop.duckdb", root=folder)
