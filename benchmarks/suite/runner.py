"""1,000 and 5,000 trivial stored tasks: the runner's time per task, beside gokart.build's."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from statistics import median

import gokart
from harness import Result, say
from harness.factories import installed_factory
from reference.trivial_tasks import build
from yule_runner import GraphSource, LocalExecutor, run_graph

_FEW, _MANY, _TURNS = 1000, 5000, 3


def measure() -> Result:
    """Run the same graph by both, in turns, so that a busy machine slows both alike."""
    few_ms, many_ms, gokart_ms = [], [], []
    with installed_factory("trivial", "reference.trivial_tasks:build") as folder:
        orders = folder / "orders"

        def by_runner(count: int, store: str) -> float:
            arguments = {"count": count, "store": str(folder / store)}
            source = GraphSource(factory="trivial", arguments=arguments)
            started = time.perf_counter()
            computed = run_graph(source, executor=executor, orders=orders).computed
            assert len(computed) == count + 1
            return (time.perf_counter() - started) / count * 1e3

        with LocalExecutor(workers=1, cpu=1, memory_gib=4, logs=folder / "logs") as executor:
            by_runner(1, "warm-up")
            for turn in range(_TURNS):
                few_ms.append(by_runner(_FEW, f"few-{turn}"))
                gokart_ms.append(_by_gokart(_FEW, folder / f"gokart-{turn}"))
                many_ms.append(by_runner(_MANY, f"many-{turn}"))
                say(f"Turn {turn + 1} of {_TURNS}: {few_ms[-1]:.2f} ms per task of {_FEW}, "
                    f"{many_ms[-1]:.2f} of {_MANY}; gokart {gokart_ms[-1]:.2f}.")  # fmt: skip
    ours, reference = median(few_ms), median(gokart_ms)
    growth = median(many / few for many, few in zip(many_ms, few_ms, strict=True))
    return Result(
        ours=ours,
        reference=reference,
        unit="ms per task",
        goal="at most half of gokart's, and at 5,000 tasks at most 1.1 times that at 1,000",
        is_met=ours <= reference / 2 and growth <= 1.1,
        details={"tasks": _FEW, "ours_at_5000": median(many_ms), "growth": growth},
    )


def _by_gokart(count: int, store: Path) -> float:
    before = logging.root.manager.disable
    started = time.perf_counter()
    (root,) = build({"count": count, "store": str(store)})
    try:
        gokart.build(root, return_value=False, reset_register=False, workers=1)
    finally:
        logging.disable(before)
    seconds = time.perf_counter() - started
    assert root.complete()
    return seconds / count * 1e3
