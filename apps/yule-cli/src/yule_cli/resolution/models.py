"""Which models are trained: the case's or the default ones, every parameter filled in."""

from typing import Any

from yule_models import ModelParameterError, check_params

from yule_cli.config import Case, Document
from yule_cli.config.document import FieldPath
from yule_cli.config.model import ModelEntry
from yule_cli.errors import CaseError
from yule_cli.resolution.blame import blaming

__all__ = ["resolve_models"]

_DEFAULT_KINDS = ("gbdt", "neural")


def resolve_models(case: Case, document: Document) -> list[dict[str, Any]]:
    """Return the models and the baselines as `TrainFold` takes them, ordered by name.

    Raises:
        CaseError: If a kind or a parameter is unknown, or a name stands twice.
    """
    models = _entries(case, document)
    names = [model["name"] for model in models]
    for kind in case.baselines:
        if kind not in names:
            with blaming(document, "baselines"):
                params = check_params(kind, {})
            models.append({"name": kind, "kind": kind, "params": params, "candidate": False})
    if not any(model["candidate"] for model in models):
        raise CaseError(
            [document.problem(("models",), "has no candidate; the ensemble needs at least one.")]
        )
    return sorted(models, key=lambda model: str(model["name"]))


def _entries(case: Case, document: Document) -> list[dict[str, Any]]:
    entries = case.models
    if entries is None:
        entries = [ModelEntry(name=kind, kind=kind) for kind in _DEFAULT_KINDS]
    models: list[dict[str, Any]] = []
    for i, entry in enumerate(entries):
        if entry.name in {model["name"] for model in models}:
            message = f"is {entry.name!r} a second time; give each model a name of its own."
            raise CaseError([document.problem(("models", i, "name"), message)])
        params = _params(entry, i, document)
        models.append({**entry.model_dump(), "params": params})
    return models


def _params(entry: ModelEntry, i: int, document: Document) -> dict[str, Any]:
    try:
        with blaming(document, "models", i, "kind"):
            return check_params(entry.kind, entry.params)
    except CaseError as error:
        cause = error.__cause__
        if isinstance(cause, ModelParameterError) and cause.path:
            path: FieldPath = ("models", i, *cause.path)
            raise CaseError([document.problem(path, f"cannot be used: {cause}")]) from cause
        raise
