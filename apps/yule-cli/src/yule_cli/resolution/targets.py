"""What is to be predicted, and how its models are combined: every choice made."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from yule_models import EnsembleOptionError, EnsembleOptions, Target

from yule_cli.config import Case, Document
from yule_cli.config.labels import TargetEntry
from yule_cli.errors import CaseError
from yule_cli.resolution.blame import noting

__all__ = [
    "check_contacts",
    "predicted_entries",
    "resolve_ensemble",
    "resolve_targets",
    "target_entries",
]

_MOST_CLASSES = 100


def target_entries(case: Case) -> dict[str, TargetEntry]:
    """Return the targets by name, short forms written out."""
    return {
        name: TargetEntry(kind=entry) if isinstance(entry, str) else entry
        for name, entry in case.labels.targets.items()
    }


def predicted_entries(case: Case) -> dict[str, TargetEntry]:
    """Return the targets that are predicted, by name: all but auxiliary ones."""
    return {name: entry for name, entry in target_entries(case).items() if not entry.auxiliary}


def resolve_targets(case: Case, document: Document, rows: pa.Table) -> list[dict[str, Any]]:
    """Return the targets as tasks take them: name, kind, and the classes of a multiclass one.

    Of a target that is auxiliary, or weighs other than 1, that too.

    Raises:
        CaseError: If classes are given that the labels do not have, or lack some, or are too many.
    """
    problems: list[str] = []
    targets = []
    for name, entry in target_entries(case).items():
        target: dict[str, Any] = {"name": name, "kind": entry.kind}
        with noting(problems):
            if entry.kind == "multiclass":
                target["classes"] = _classes(name, entry, document, rows[name])
        if entry.weight != 1:
            target["weight"] = entry.weight
        if entry.auxiliary:
            target["auxiliary"] = True
        targets.append(target)
    if problems:
        raise CaseError(problems)
    return targets


def resolve_ensemble(case: Case, document: Document) -> dict[str, dict[str, Any]]:
    """Return the options of each target's ensemble.

    Raises:
        CaseError: If an option does not suit its target, or is given for what is no target.
    """
    problems: list[str] = []
    entries = predicted_entries(case)
    shared = case.ensemble.model_dump(exclude={"targets"})
    for name in case.ensemble.targets:
        if name not in entries:
            message = f"is none of the targets; these are {', '.join(entries)}."
            problems.append(document.problem(("ensemble", "targets", name), message))
    options = {}
    for name, entry in entries.items():
        own = case.ensemble.targets.get(name)
        given = {} if own is None else own.model_dump(exclude_none=True)
        options[name] = shared | given
        if entry.kind == "regression" and "calibration" not in given:
            options[name]["calibration"] = "none"
        try:
            EnsembleOptions.of(options[name]).check(_stand_in(name, entry))
        except EnsembleOptionError as error:
            is_own = error.option in given
            path = ("ensemble", *(("targets", name) if is_own else ()), error.option)
            more = "" if is_own else " Others may be given for each target, in `ensemble.targets`."
            problems.append(document.problem(path, f"cannot be used: {error}{more}"))
    if problems:
        raise CaseError(problems)
    return options


def check_contacts(case: Case, document: Document) -> None:
    """Refuse prices of contacts for what is no target, or has classes, or is not calibrated.

    Where contact pays is asked of probabilities, which scores are once they were held against
    outcomes.

    Raises:
        CaseError: If there are some.
    """
    entries = predicted_entries(case)
    problems = []
    for name in case.score.contact:
        path = ("score", "contact", name)
        if name not in entries:
            message = f"is none of the targets; these are {', '.join(entries)}."
            problems.append(document.problem(path, message))
        elif entries[name].kind == "multiclass":
            message = "has classes, which have no one value; make the class that counts a target."
            problems.append(document.problem(path, message))
        elif entries[name].kind == "binary" and _calibration(case, name) == "none":
            message = (
                "weighs a cost against probabilities, and the ensemble is told to leave scores as "
                "they come (`calibration: none`); let it calibrate them, as by `auto`."
            )
            problems.append(document.problem(path, message))
    if problems:
        raise CaseError(problems)


def _calibration(case: Case, name: str) -> str:
    own = case.ensemble.targets.get(name)
    return own.calibration if own and own.calibration else case.ensemble.calibration


def _classes(
    name: str, entry: TargetEntry, document: Document, labels: pa.ChunkedArray
) -> list[str | int]:
    found: list[str | int] = sorted(pc.unique(labels.drop_null()).to_pylist())
    path = ("labels", "targets", name)
    if len(found) > _MOST_CLASSES:
        message = (
            f"has {len(found):,} classes, and at most {_MOST_CLASSES} can be told apart; put rare "
            "ones together, or predict a number as a regression."
        )
        raise CaseError([document.problem(path, message)])
    if entry.classes is None:
        return found
    given = list(entry.classes)
    if absent := [repr(label) for label in given if label not in found]:
        message = f"names {absent[0]}, which no row is labelled with; the labels are {found}."
        raise CaseError([document.problem((*path, "classes"), message)])
    if missing := [repr(label) for label in found if label not in given]:
        message = f"lacks {', '.join(missing)}, which rows are labelled with; name all classes."
        raise CaseError([document.problem((*path, "classes"), message)])
    return given


def _stand_in(name: str, entry: TargetEntry) -> Target:
    """A target of the kind; its classes do not matter here."""
    classes = (0, 1) if entry.kind == "multiclass" else None
    return Target(name=name, kind=entry.kind, classes=classes)
