"""Where the data lies: one protocol, and the warehouses that speak it."""

from mushroom.warehouse.open import open_warehouse
from mushroom.warehouse.protocol import Warehouse

__all__ = ["Warehouse", "open_warehouse"]
