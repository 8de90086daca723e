"""Which models are trained: the case's or the default ones, every parameter filled in."""

from typing import Any

from mushroom import holds_sequences
from yule_models import check_params, describe_kind, model_kinds

from yule_cli.config import Case, Document
from yule_cli.config.model import ModelEntry
from yule_cli.errors import CaseError
from yule_cli.resolution.blame import blaming, noting
from yule_cli.resolution.search import resolve_search
from yule_cli.resolution.trunks import resolve_start
from yule_cli.summary.scores import ENSEMBLE

__all__ = ["check_sequences", "reads_sequences", "resolve_models"]

_DEFAULT_KINDS = ("gbdt", "neural")


def resolve_models(case: Case, document: Document) -> list[dict[str, Any]]:
    """Return the models and the baselines as `TrainFold` takes them, ordered by name.

    Raises:
        CaseError: If a kind or a parameter is unknown, or a name stands twice or is the ensemble's.
    """
    problems: list[str] = []
    models = _entries(case, document, problems)
    names = [model["name"] for model in models]
    for i, kind in enumerate(case.baselines):
        if kind not in names:
            with noting(problems), blaming(document, "baselines", i):
                params = check_params(kind, {})
                models.append({"name": kind, "kind": kind, "params": params, "candidate": False})
    if not problems and not any(model["candidate"] for model in models):
        needed = "has no candidate; the ensemble needs at least one."
        problems.append(document.problem(("models",), needed))
    if problems:
        raise CaseError(problems)
    return sorted(models, key=lambda model: str(model["name"]))


def reads_sequences(case: Case) -> bool:
    """Whether a model or a baseline reads sequences; a kind that is unknown does not."""
    kinds = {*(entry.kind for entry in case.models or ()), *case.baselines}
    return any(describe_kind(kind).reads_sequences for kind in kinds & {*model_kinds()})


def check_sequences(
    models: list[dict[str, Any]], features: list[dict[str, Any]], case: Case, document: Document
) -> None:
    """Refuse a model that reads sequences where no feature holds any.

    Raises:
        CaseError: If there is one.
    """
    if any(holds_sequences(str(entry["method"])) for entry in features):
        return
    needed = (
        "reads sequences of events, and no feature holds any: add one, as "
        "{name: last, method: event_sequences, table: an events table}."
    )
    for model in models:
        if describe_kind(model["kind"]).reads_sequences:
            names = [entry.name for entry in case.models or ()]
            is_listed = model["name"] in names
            path = ("models", names.index(model["name"]), "kind") if is_listed else ("baselines",)
            raise CaseError([document.problem(path, needed)])


def _entries(case: Case, document: Document, problems: list[str]) -> list[dict[str, Any]]:
    entries = case.models
    if entries is None:
        entries = [ModelEntry(name=kind, kind=kind) for kind in _DEFAULT_KINDS]
    models: list[dict[str, Any]] = []
    for i, entry in enumerate(entries):
        if entry.name == ENSEMBLE:
            message = f"is {ENSEMBLE!r}, which is what all models together are called; rename it."
            problems.append(document.problem(("models", i, "name"), message))
        if entry.name in {model["name"] for model in models}:
            message = f"is {entry.name!r} a second time; give each model a name of its own."
            problems.append(document.problem(("models", i, "name"), message))
        params: dict[str, Any] = {}
        with noting(problems), blaming(document, "models", i, "kind"):
            params = check_params(entry.kind, {})
            for name, value in entry.params.items():
                with noting(problems), blaming(document, "models", i, "params", name):
                    params[name] = check_params(entry.kind, {name: value})[name]
            with noting(problems), blaming(document, "models", i, "params"):
                check_params(entry.kind, params)
        model = {**entry.model_dump(exclude={"start_from", "search"}), "params": params}
        shape: dict[str, Any] = {}
        if entry.start_from is not None:
            with noting(problems):
                model["start"], shape = resolve_start(entry, i, document)
                model["params"] = params | shape
        if entry.search is not None and entry.kind in model_kinds():
            with noting(problems):
                fixed = {*entry.params, *shape}
                model["search"] = resolve_search(entry.kind, entry.search, fixed, i, document)
        models.append(model)
    return models
