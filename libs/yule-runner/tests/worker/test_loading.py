"""The garbage collector of a worker never looks at what the worker has loaded."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest
from yule_runner import GraphSource, WorkOrder, write_order
from yule_runner.graph import load_graph
from yule_runner.worker.orders import OrderBook


def test_the_command_leaves_alone_what_it_has_loaded() -> None:
    script = (
        "import atexit, gc, runpy, sys\n"
        "atexit.register(lambda: print(gc.isenabled(), gc.get_freeze_count() > 10_000))\n"
        "sys.argv = ['yule_runner', '--help']\n"
        "runpy.run_module('yule_runner', run_name='__main__')"
    )
    completed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert completed.stdout.endswith("True True\n")


@pytest.mark.usefixtures("demo_site")
def test_an_order_leaves_alone_the_graph_that_it_has_built(tmp_path: Path) -> None:
    source = GraphSource(
        factory="demo-totals", arguments={"store": str(tmp_path / "store"), "count": 2}
    )
    wanted = tuple(load_graph(source).tasks)
    place = write_order(WorkOrder(source=source, task_ids=wanted), tmp_path, name="order")
    frozen = gc.get_freeze_count()
    try:
        tasks = OrderBook().tasks(place, wanted)

        assert gc.get_freeze_count() - frozen > len(tasks) > 0
    finally:
        gc.unfreeze()
