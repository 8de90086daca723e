"""All that happens before a run computes: what cannot be run is refused here, and all at once."""

from __future__ import annotations

from dataclasses import dataclass

from yule_runner import Plan, collect, plan

from yule_cli.config import Case, Document
from yule_cli.config.cluster import Cluster
from yule_cli.errors import CaseError
from yule_cli.executors import check_cluster, node_pools
from yule_cli.graph import CaseGraph, compose
from yule_cli.machine import Machine
from yule_cli.resolution import ResolvedCase, resolve
from yule_cli.resolution.blame import noting
from yule_cli.secrets import SecretError
from yule_cli.state import State
from yule_cli.tracking import TrackingPlace, tracking_place

__all__ = ["Prepared", "prepare"]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A case that can be run.

    Attributes:
        case: The case.
        state: Where it keeps what it writes.
        place: Where its runs are tracked.
        resolved: The case, with every choice made.
        graph: Its tasks.
        machine: What they may use.
    """

    case: Case
    state: State
    place: TrackingPlace
    resolved: ResolvedCase
    graph: CaseGraph
    machine: Machine


def prepare(case: Case, document: Document, *, machine: Machine | None = None) -> Prepared:
    """Resolve a case, and check that it can be run and tracked here. Nothing is computed.

    Args:
        case: The case.
        document: Its file.
        machine: Where tasks would run; by default this one.

    Raises:
        CaseError: If it cannot; every problem is named.
    """
    problems: list[str] = []
    state = State.of(case, document)
    with noting(problems):
        check_cluster(case, document, state)
    with noting(problems):
        place = _place(case, document, state)
    with noting(problems):
        resolved = resolve(case, document, state)
    if problems:
        raise CaseError(problems)
    machine = (machine or Machine.here()).limited(memory_gib=case.run.memory_gib)
    graph = compose(resolved)
    _check_memory(graph, machine, case, document)
    return Prepared(
        case=case, state=state, place=place, resolved=resolved, graph=graph, machine=machine
    )


def _place(case: Case, document: Document, state: State) -> TrackingPlace:
    try:
        return tracking_place(
            case.tracking.uri,
            experiment=case.tracking.experiment or case.case,
            state=state.root,
            relative_to=document.path.absolute().parent,
        )
    except SecretError as error:
        problem = document.problem(("tracking", "uri"), f"cannot be used: {error}")
        raise CaseError([problem]) from error


def _check_pools(todo: Plan, cluster: Cluster, document: Document) -> None:
    from yule_runner.kubernetes import PoolError, place

    try:
        place(todo.groups, node_pools(cluster.pools))
    except PoolError as error:
        path = ("run", "cluster", "pools")
        problems = [f"cannot run the case: {line}" for line in str(error).splitlines()]
        raise CaseError([document.problem(path, problem) for problem in problems]) from error


def _check_memory(graph: CaseGraph, machine: Machine, case: Case, document: Document) -> None:
    """Refuse tasks, of those to be computed, that declare more memory than there is."""
    todo = plan(collect(graph.targets), lambda task: task.complete())
    if case.run.cluster is not None:
        _check_pools(todo, case.run.cluster, document)
        return
    too_much = {
        f"{group.name.rpartition('.')[2]} {group.resources.memory_gib:g} GiB"
        for group in todo.groups
        if group.resources.memory_gib > machine.memory_gib
    }
    if not too_much:
        return
    declared = ", ".join(sorted(too_much))
    path = ("run", "memory_gib") if case.run.memory_gib else ("run",)
    problem = (
        f"gives tasks {machine.memory_gib:.3g} GiB of memory, and some declare more: {declared}. "
        f"{'Allow more, or run' if case.run.memory_gib else 'Run'} the case on a larger machine."
    )
    raise CaseError([document.problem(path, problem)])
