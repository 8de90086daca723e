"""`python -m yule_runner run`: compute what a graph's targets lack, on this machine."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yule_runner.commands.source import add_source_options, source_of

if TYPE_CHECKING:
    from yule_runner.events import Event

__all__ = ["add_to"]


def add_to(commands: Any) -> None:
    """Add this command to argparse's subparsers."""
    parser = commands.add_parser(
        "run",
        help="compute what the targets lack, on this machine",
        description="Exit codes: 0 done, 2 bad input, 65 a task failed, 130 and 143 interrupted.",
    )
    add_source_options(parser)
    cores = os.cpu_count() or 1
    parser.add_argument("--folder", type=Path, default=Path("yule-run"), help="orders and logs")
    parser.add_argument("--workers", type=int, default=cores, help="most worker processes")
    parser.add_argument("--cpu", type=float, default=cores, help="cores that tasks share")
    parser.add_argument("--memory-gib", type=float, required=True, help="memory that tasks share")
    parser.add_argument("--gpu", type=int, default=0, help="GPUs that tasks share")
    parser.add_argument("--retries", type=int, default=1, help="further attempts for a task")
    parser.set_defaults(call=_run)


def _run(options: argparse.Namespace) -> int:
    from yule_runner.local import LocalExecutor
    from yule_runner.run import run_graph

    executor = LocalExecutor(
        workers=options.workers,
        cpu=options.cpu,
        memory_gib=options.memory_gib,
        gpu=options.gpu,
        logs=options.folder / "logs",
    )
    with executor:
        run_graph(
            source_of(options),
            executor=executor,
            orders=options.folder / "orders",
            on_event=_show,
            retries=options.retries,
        )
    return 0


def _show(event: Event) -> None:
    from yule_runner.progress import describe

    sys.stderr.write(describe(event) + "\n")
