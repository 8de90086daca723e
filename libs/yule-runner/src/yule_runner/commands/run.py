"""`python -m yule_runner run`: compute what a graph's targets lack, here or on a cluster."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yule_runner.commands.source import add_source_options, source_of

if TYPE_CHECKING:
    from yule_runner.events import Event
    from yule_runner.kubernetes import KubernetesExecutor
    from yule_runner.local import LocalExecutor

__all__ = ["add_to"]


def add_to(commands: Any) -> None:
    """Add this command to argparse's subparsers."""
    parser = commands.add_parser(
        "run",
        help="compute what the targets lack, on this machine or on a cluster",
        description="Exit codes: 0 done, 2 bad input, 65 a task failed, 70 workers or the cluster "
        "refuse, 130 and 143 interrupted.",
    )
    add_source_options(parser)
    cores = os.cpu_count() or 1
    parser.add_argument("--folder", type=Path, default=Path("yule-run"), help="orders and logs")
    parser.add_argument("--retries", type=int, default=1, help="further attempts for a task")
    here = parser.add_argument_group("on this machine")
    here.add_argument("--workers", type=int, default=cores, help="most worker processes")
    here.add_argument("--cpu", type=float, default=cores, help="cores that tasks share")
    here.add_argument("--memory-gib", type=float, help="memory that tasks share; required")
    here.add_argument("--gpu", type=int, default=0, help="GPUs that tasks share")
    there = parser.add_argument_group("on a cluster")
    there.add_argument("--cluster", type=Path, help="JSON file: namespace, image, store, pools")
    parser.set_defaults(call=_run, parser=parser)


def _run(options: argparse.Namespace) -> int:
    from yule_runner.run import run_graph

    if (options.cluster is None) == (options.memory_gib is None):
        options.parser.error("give --memory-gib to run here, or --cluster to run there")
    source = source_of(options)
    executor = _here(options) if options.cluster is None else _there(options.cluster)
    with executor:
        run_graph(
            source,
            executor=executor,
            orders=options.folder / "orders",
            on_event=_show,
            retries=options.retries,
        )
    return 0


def _here(options: argparse.Namespace) -> LocalExecutor:
    from yule_runner.local import LocalExecutor

    return LocalExecutor(
        workers=options.workers,
        cpu=options.cpu,
        memory_gib=options.memory_gib,
        gpu=options.gpu,
        logs=options.folder / "logs",
    )


def _there(path: Path) -> KubernetesExecutor:
    from dataclasses import replace
    from functools import partial
    from importlib.util import find_spec

    from yule_runner.errors import ExecutorError
    from yule_runner.kubernetes.cluster_file import read_cluster_file
    from yule_runner.kubernetes.driving import owner_of

    cluster = read_cluster_file(path)
    if find_spec("kubernetes") is None or find_spec("kubernetes_validate") is None:
        raise ExecutorError("A cluster needs an extra: pip install 'yule-runner[kubernetes]'.")
    from yule_runner.kubernetes import KubernetesExecutor
    from yule_runner.kubernetes.connecting import connect

    settings = replace(cluster.settings, owner=owner_of(os.environ))
    # A driver in the cluster uses its own account there.
    context = None if settings.owner else cluster.context
    return KubernetesExecutor(settings, connect=partial(connect, context=context))


def _show(event: Event) -> None:
    from yule_runner.progress import describe

    sys.stderr.write(describe(event) + "\n")
