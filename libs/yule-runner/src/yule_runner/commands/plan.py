"""`python -m yule_runner plan`: what a run would compute."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from yule_runner.commands.source import add_source_options, source_of

__all__ = ["add_to"]


def add_to(commands: Any) -> None:
    """Add this command to argparse's subparsers."""
    parser = commands.add_parser("plan", help="print what a run would compute, and compute nothing")
    add_source_options(parser)
    parser.set_defaults(call=_plan)


def _plan(options: argparse.Namespace) -> int:
    from yule_runner.evidence import is_stored
    from yule_runner.graph import load_graph
    from yule_runner.planning import plan

    graph = load_graph(source_of(options))
    todo = plan(graph, is_stored)
    lines = [f"{len(todo.needed)} of {len(graph)} tasks to compute, {len(todo.reused)} reused"]
    lines += [
        f"level {group.level}: {len(group.task_ids)} x {group.name} "
        f"(cpu {group.resources.cpu:g}, memory {group.resources.memory_gib:g} GiB, "
        f"gpu {group.resources.gpu})"
        for group in todo.groups
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0
