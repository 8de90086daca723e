"""What networks of a case start from."""

from datetime import datetime
from pathlib import Path
from typing import Any

from yule_models import ModelParameterError, describe_kind, describe_trunk

from yule_cli.config import Case, Document
from yule_cli.config.model import ModelEntry
from yule_cli.errors import CaseError
from yule_cli.resolution.blame import blaming

__all__ = ["check_time_of_trunks", "resolve_start", "trunk_files"]


def resolve_start(
    entry: ModelEntry, position: int, document: Document
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return which trunk a model starts from, and the parameters that it must have for that.

    Args:
        entry: The model.
        position: Where it stands in `models`.
        document: The case file.

    Returns:
        `sha256`, `features` and `origin` of the trunk; and its architecture.

    Raises:
        CaseError: If there is no such trunk, or the model is of another kind or shape.
    """
    path = ("models", position, "start_from")
    with blaming(document, *path):
        facts = describe_trunk(_path(entry, document))
        if "transfer" not in describe_kind(entry.kind).parameters:
            raise ModelParameterError(
                f"A model of the kind {entry.kind!r} starts from no trunk; networks do, as `tabm`."
            )
        if facts.kind != entry.kind:
            raise ModelParameterError(
                f"The trunk is of the kind {facts.kind!r}, and the model is {entry.kind!r}; give "
                "the model the trunk's kind."
            )
    for name, value in facts.architecture.items():
        if name in entry.params and entry.params[name] != value:
            message = f"is {entry.params[name]}, and the trunk that it starts from has {value}; "
            problem = document.problem(
                ("models", position, "params", name), f"{message}leave it out."
            )
            raise CaseError([problem])
    start = {
        "sha256": facts.sha256,
        "features": list(facts.features),
        "origin": dict(facts.origin),
    }
    return start, dict(facts.architecture)


def check_time_of_trunks(
    case: Case,
    document: Document,
    *,
    models: list[dict[str, Any]],
    validation: dict[str, Any],
    fit_until: list[str],
) -> None:
    """Refuse trunks that have seen outcomes from after the first fold that is validated in time.

    Args:
        case: The case.
        document: Its file.
        models: The resolved models.
        validation: The resolved fold scheme.
        fit_until: For each fold, when its validation begins.

    Raises:
        CaseError: If there are some.
    """
    if validation["kind"] != "forward":
        return
    names = [entry.name for entry in case.models or ()]
    validated_from = min(datetime.fromisoformat(time) for time in fit_until)
    problems = []
    for model in models:
        learned_until = model.get("start", {}).get("origin", {}).get("learned_until")
        if learned_until and datetime.fromisoformat(learned_until) > validated_from:
            message = (
                f"has learned from outcomes until {learned_until}, and the first fold is validated "
                f"from {validated_from.isoformat()} on: scores would know the future. Start from a "
                "trunk of earlier labels, or validate fewer and later folds."
            )
            path = ("models", names.index(model["name"]), "start_from")
            problems.append(document.problem(path, message))
    if problems:
        raise CaseError(problems)


def trunk_files(case: Case, document: Document) -> tuple[Path, ...]:
    """Return the files of all trunks that models of a case start from."""
    return tuple(
        _path(entry, document) for entry in case.models or () if entry.start_from is not None
    )


def _path(entry: ModelEntry, document: Document) -> Path:
    return document.path.absolute().parent / str(entry.start_from)
