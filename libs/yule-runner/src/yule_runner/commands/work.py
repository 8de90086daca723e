"""`python -m yule_runner work`: carry out work orders. Executors start it; people rarely do."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path
from typing import Any

from yule_runner.order import OrderFile, StoredOrder

__all__ = ["add_to"]


def add_to(commands: Any) -> None:
    """Add this command to argparse's subparsers."""
    parser = commands.add_parser(
        "work",
        help="carry out one work order, or serve a driver",
        description="Exit codes: 0 done, 64 bad order, 65 a task failed, 143 terminated.",
    )
    parser.add_argument("--order", type=Path, help="the order's file")
    parser.add_argument("--store", help="URL of the store that holds the order, in a pod")
    parser.add_argument("--sha256", help="the digest that the order must have")
    parser.add_argument(
        "--per-index", type=int, default=1, help="tasks of each completion index, with --store"
    )
    parser.add_argument("--serve", action="store_true", help="take orders from standard input")
    parser.set_defaults(call=_work, parser=parser)


def _work(options: argparse.Namespace) -> int:
    has_place = (options.order is not None) + (options.store is not None)
    if options.serve + has_place != 1 or bool(has_place) != bool(options.sha256):
        options.parser.error("give --serve, or --order or --store together with --sha256")
    if options.per_index < 1:
        options.parser.error("--per-index must be at least 1")
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    if options.serve:
        from yule_runner.worker.serve import serve

        return serve()
    if options.store is not None:
        from yule_runner.worker.pod import work_in_pod

        order = StoredOrder(store=options.store, sha256=options.sha256)
        return work_in_pod(order, per_index=options.per_index, environment=os.environ)
    from yule_runner.worker.once import work

    return work(OrderFile(path=options.order, sha256=options.sha256))
