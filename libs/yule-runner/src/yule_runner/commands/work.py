"""`python -m yule_runner work`: carry out work orders. Executors start it; people rarely do."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import Any

from yule_runner.order import OrderFile

__all__ = ["add_to"]


def add_to(commands: Any) -> None:
    """Add this command to argparse's subparsers."""
    parser = commands.add_parser(
        "work",
        help="carry out one work order, or serve a driver",
        description="Exit codes: 0 done, 64 bad order, 65 a task failed, 143 terminated.",
    )
    parser.add_argument("--order", type=Path, help="the order's file")
    parser.add_argument("--sha256", help="the digest that the order's file must have")
    parser.add_argument("--serve", action="store_true", help="take orders from standard input")
    parser.set_defaults(call=_work, parser=parser)


def _work(options: argparse.Namespace) -> int:
    if options.serve == (options.order is not None) or bool(options.order) != bool(options.sha256):
        options.parser.error("give --serve, or --order together with --sha256")
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    if options.serve:
        from yule_runner.worker.serve import serve

        return serve()
    from yule_runner.worker.once import work

    return work(OrderFile(path=options.order, sha256=options.sha256))
