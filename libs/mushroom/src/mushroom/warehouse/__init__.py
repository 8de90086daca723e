"""Where the data lies: one protocol, and the warehouses that speak it."""

from mushroom.warehouse.open import open_warehouse
from mushroom.warehouse.protocol import Warehouse
from mushroom.warehouse.writing import append_rows, write_table

__all__ = ["Warehouse", "append_rows", "open_warehouse", "write_table"]
