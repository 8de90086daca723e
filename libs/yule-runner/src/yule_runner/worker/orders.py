"""From an order to the tasks it names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gokart_store import StoredTask, collector_at_rest

from yule_runner.errors import OrderError
from yule_runner.graph import Graph, load_graph
from yule_runner.order import OrderPlace, WorkOrder, read_order

__all__ = ["OrderBook"]


class OrderBook:
    """Reads and verifies orders, and builds each source's graph once."""

    def __init__(self) -> None:
        self._orders: dict[OrderPlace, WorkOrder] = {}
        self._graphs: dict[str, Graph] = {}

    def order(self, place: OrderPlace) -> WorkOrder:
        """Return the verified order at a place.

        Raises:
            OrderError: it is not the order that was announced.
        """
        if place not in self._orders:
            self._orders = {place: read_order(place)}
        return self._orders[place]

    def tasks(self, place: OrderPlace, task_ids: Iterable[str]) -> list[StoredTask[Any]]:
        """Return the named tasks of an order.

        Raises:
            OrderError: the order does not name them, or its factory does not make them here.
        """
        order = self.order(place)
        key = order.source.key
        if key not in self._graphs:
            with collector_at_rest():
                self._graphs[key] = load_graph(order.source)
        tasks = self._graphs[key].tasks
        allowed = set(order.task_ids)
        wanted = list(task_ids)
        strange = [task_id for task_id in wanted if task_id not in allowed]
        if strange:
            raise OrderError(f"The order {place} does not name the task {strange[0]}.")
        missing = [task_id for task_id in wanted if task_id not in tasks]
        if missing:
            raise OrderError(
                f"The factory `{order.source.factory}` makes no task {missing[0]} in this process: "
                "the driver and its workers run different code, or the factory looks at more than "
                "its arguments. Install the same versions, and keep clocks, machines and working "
                "directories out of the factory."
            )
        return [tasks[task_id] for task_id in wanted]
