"""All that happens before a run computes: what cannot be run is refused here, and all at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from yule_models import YuleModelsError, kept_trunk

from yule_cli.config import Case, Document, Publish
from yule_cli.config.document import show_path
from yule_cli.config.model import Run, Tracking
from yule_cli.errors import CaseError
from yule_cli.executors import check_cluster, client_problem
from yule_cli.graph import CaseGraph, compose
from yule_cli.machine import Machine
from yule_cli.repetition import EarlierRun
from yule_cli.resolution import ResolvedCase, resolve
from yule_cli.resolution.blame import noting
from yule_cli.resolution.trunks import trunk_files
from yule_cli.room import room_problems
from yule_cli.secrets import SecretError
from yule_cli.state import State
from yule_cli.tracking import TrackingPlace, tracking_place

__all__ = ["Prepared", "prepare", "prepare_repetition"]

Resolving = Callable[[Case, Document, State], ResolvedCase]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A case that can be run.

    Attributes:
        run: How the work is carried out.
        state: Where it keeps what it writes.
        place: Where its runs are tracked, or None.
        resolved: The case, with every choice made.
        graph: Its tasks.
        machine: What they may use.
        command: What to type to run it again, word by word.
        repeats: The run that it repeats, or None.
        trunks: The trunks that networks start from, as the bytes of their files.
        publish: The table that gets the predictions, or None. A repetition writes into none.
    """

    run: Run
    state: State
    place: TrackingPlace | None
    resolved: ResolvedCase
    graph: CaseGraph
    machine: Machine
    command: tuple[str, ...]
    repeats: EarlierRun | None = None
    trunks: tuple[bytes, ...] = ()
    publish: Publish | None = None


def prepare(
    case: Case,
    document: Document,
    *,
    machine: Machine | None = None,
    resolving: Resolving | None = None,
) -> Prepared:
    """Resolve a case, and check that it can be run and tracked here. Nothing is computed.

    Args:
        case: The case.
        document: Its file.
        machine: Where tasks would run; by default this one.
        resolving: Resolves the case; by default as it is now.

    Raises:
        CaseError: If it cannot; every problem is named.
    """
    problems: list[str] = []
    state = State.of(case, document)
    with noting(problems):
        check_cluster(case, document, state)
    with noting(problems):
        place = _checked_place(case, document, state)
    with noting(problems):
        resolved = (resolving or resolve)(case, document, state)
    if problems:
        raise CaseError(problems)
    machine = (machine or Machine.here()).limited(memory_gib=case.run.memory_gib)
    graph = compose(resolved)
    for path, problem in room_problems(graph, machine, case.run):
        problems.append(document.problem(path, problem))
    if problems:
        raise CaseError(problems)
    return Prepared(
        run=case.run,
        state=state,
        place=place,
        resolved=resolved,
        graph=graph,
        machine=machine,
        command=("yule", "run", str(document.path)),
        trunks=tuple(path.read_bytes() for path in trunk_files(case, document)),
        publish=case.publish,
    )


def prepare_repetition(
    earlier: EarlierRun, *, store: Path | None = None, machine: Machine | None = None
) -> Prepared:
    """Prepare to run a resolved case again as it was resolved; nothing new is looked up.

    Args:
        earlier: The run to repeat.
        store: A folder for all state of the repetition; by default it shares the earlier run's, and
            computes what is no longer there.
        machine: Where tasks would run; by default this one.

    Raises:
        CaseError: If it cannot be run here.
    """
    resolved, command = earlier.resolved, ["yule", "repeat", str(earlier.path)]
    state = earlier.state
    if store is not None:
        state = State.at(Path(os.path.realpath(store)))
        resolved = replace(resolved, store=state.store)
        command += ["--store", str(store)]
    run = Run.model_validate(resolved.setup["run"])
    if store is not None and run.cluster is not None:
        problem = (
            f"{earlier.path} ran on a cluster, whose pods do not see {store}: leave out --store."
        )
        raise CaseError([problem])
    lacking = client_problem() if run.cluster is not None else None
    if lacking is not None:
        raise CaseError([f"{earlier.path} ran on a cluster: {lacking}"])
    tracking = Tracking.model_validate(resolved.setup["tracking"])
    try:
        place = _place(tracking, resolved.case, state, Path(resolved.source["root"]))
    except SecretError as error:
        raise CaseError([f"The tracking URI of {earlier.path} cannot be used: {error}"]) from error
    machine = (machine or Machine.here()).limited(memory_gib=run.memory_gib)
    graph = compose(resolved)
    problems = [
        f"`{show_path(path)}` of {earlier.path} {problem}"
        for path, problem in room_problems(graph, machine, run)
    ]
    if problems:
        raise CaseError(problems)
    return Prepared(
        run=run,
        state=state,
        place=place,
        resolved=resolved,
        graph=graph,
        machine=machine,
        command=tuple(command),
        repeats=earlier,
        trunks=_trunks_of(earlier),
    )


def _trunks_of(earlier: EarlierRun) -> tuple[bytes, ...]:
    """Return the trunks of an earlier run, which are in its store.

    Raises:
        CaseError: If one is not.
    """
    found = []
    for model in earlier.resolved.models:
        if "start" in model:
            try:
                with kept_trunk(earlier.resolved.store, model["start"]["sha256"]) as path:
                    found.append(path.read_bytes())
            except YuleModelsError as error:
                raise CaseError([f"{earlier.path} cannot be repeated: {error}"]) from error
    return tuple(found)


def _place(tracking: Tracking, case: str, state: State, folder: Path) -> TrackingPlace | None:
    if not tracking.enabled:
        return None
    return tracking_place(
        tracking.uri,
        experiment=tracking.experiment or case,
        state=state.root,
        relative_to=folder,
    )


def _checked_place(case: Case, document: Document, state: State) -> TrackingPlace | None:
    try:
        return _place(case.tracking, case.case, state, document.path.absolute().parent)
    except SecretError as error:
        problem = document.problem(("tracking", "uri"), f"cannot be used: {error}")
        raise CaseError([problem]) from error
