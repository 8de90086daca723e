"""From a case to a resolved case. The only step that looks at the warehouse's present state."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
from mushroom import parse_duration_s
from yule_models import assign_folds, fit_times, resolve_scheme

from yule_cli.config import Case, Document
from yule_cli.config.document import FieldPath
from yule_cli.errors import CaseError
from yule_cli.resolution.blame import blaming, noting
from yule_cli.resolution.code import describe_code
from yule_cli.resolution.data import resolve_data
from yule_cli.resolution.features import resolve_features
from yule_cli.resolution.labels import check_ids, check_known, label_rows, label_section
from yule_cli.resolution.models import check_sequences, resolve_models
from yule_cli.resolution.publish import check_publish
from yule_cli.resolution.resolved import ResolvedCase
from yule_cli.resolution.score import resolve_score
from yule_cli.resolution.targets import resolve_ensemble, resolve_targets
from yule_cli.resolution.trunks import check_time_of_trunks
from yule_cli.state import State

__all__ = ["resolve"]


def resolve(
    case: Case,
    document: Document,
    state: State,
    *,
    on_rows: Callable[[pa.Table], object] | None = None,
) -> ResolvedCase:
    """Fix everything that the results depend on.

    Args:
        case: The case.
        document: Its file, for the lines of its fields.
        state: Where results are stored.
        on_rows: Told the labelled rows, once all is resolved.

    Raises:
        CaseError: If something that the case names is not there or does not fit; all that is found
            is told, except what could only follow from it.
    """
    data = resolve_data(case, document, state)
    found: dict[str, Any] = {}
    problems: list[str] = []
    with noting(problems):
        rows = label_rows(case, document, data, state)
        with noting(problems):
            check_known(rows, case, document, data)
        with noting(problems):
            found["targets"] = resolve_targets(case, document, rows)
        with noting(problems):
            found |= _validation(case, document, rows)
    with noting(problems):
        found["features"] = resolve_features(case, document, data)
        found["spans"] = data.event_spans if case.features is None else {}
    with noting(problems):
        found["models"] = resolve_models(case, document)
    with noting(problems):
        found["ensemble"] = resolve_ensemble(case, document)
    with noting(problems):
        found["score"] = resolve_score(case, document, data)
    with noting(problems):
        check_publish(case, document, data)
    if not problems:
        with noting(problems):
            check_ids(rows, document, data, _tables(case, found["features"]))
    if not problems:
        with noting(problems):
            check_sequences(found["models"], found["features"], case, document)
        with noting(problems):
            check_time_of_trunks(
                case,
                document,
                models=found["models"],
                validation=found["validation"],
                fit_until=found["fit_until"],
            )
    if problems:
        raise CaseError(problems)
    if on_rows is not None:
        on_rows(rows)
    return ResolvedCase(
        case=case.case,
        store=state.store,
        source={**data.source.arguments()},
        labels=label_section(case),
        select=case.select.steps(),
        explain=case.explain.model_dump(),
        threads=case.threads,
        seed=case.seed,
        code=describe_code(),
        setup={name: getattr(case, name).model_dump() for name in ("run", "tracking")},
        **found,
    )


def _validation(case: Case, document: Document, rows: pa.Table) -> dict[str, Any]:
    """Choose the fold scheme, and how long each fold may learn, by the labelled rows themselves."""
    wanted: dict[str, Any] = {
        "kind": case.validation.scheme,
        "folds": case.validation.folds,
        "horizon_s": parse_duration_s(case.labels.horizon),
        "repeats": case.validation.repeats,
    }
    if case.validation.gap is not None:
        with blaming(document, "validation", "gap"):
            wanted["gap_s"] = parse_duration_s(case.validation.gap)
    with blaming(document, "validation"):
        scheme = resolve_scheme(wanted, rows)
    with blaming(document, "validation"):
        folds = assign_folds(rows, scheme, seed=case.seed)  # a fold too many is told at once
    until = [time.isoformat() for time in fit_times(folds)]
    return {"validation": scheme.to_json(), "fit_until": until}


def _tables(case: Case, features: list[dict[str, Any]]) -> list[tuple[FieldPath, str]]:
    """Return the catalogue's tables that a case uses, each with the field that says so."""
    used: list[tuple[FieldPath, str]] = [
        (("features", i, "table"), str(entry["table"])) for i, entry in enumerate(features)
    ]
    if case.score.population is not None:
        used.append((("score", "population"), case.score.population))
    return used
