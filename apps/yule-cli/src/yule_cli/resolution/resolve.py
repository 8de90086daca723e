"""From a case to a resolved case. The only step that looks at the warehouse's present state."""

from pathlib import Path
from typing import Any

from gokart_store import StoredTask
from mushroom import (
    Catalog,
    LabelRows,
    Source,
    latest_event,
    load_catalog,
    open_warehouse,
    parse_duration_s,
    parse_instant,
)
from yule_models import assign_folds, resolve_scheme

from yule_cli.config import Case, Document
from yule_cli.errors import CaseError
from yule_cli.resolution.blame import blaming
from yule_cli.resolution.code import describe_code
from yule_cli.resolution.features import resolve_features
from yule_cli.resolution.models import resolve_models
from yule_cli.resolution.resolved import ResolvedCase
from yule_cli.state import State

__all__ = ["resolve"]

_WAREHOUSE_CACHE = "side/warehouse"


def resolve(case: Case, document: Document, state: State) -> ResolvedCase:
    """Fix everything that the results depend on.

    Args:
        case: The case.
        document: Its file, for the lines of its fields.
        state: Where results are stored.

    Raises:
        CaseError: If something that the case names is not there or does not fit.
    """
    source = _source(case, document, state)
    catalog = Catalog.model_validate(source.catalog)
    labels = _labels(case)
    return ResolvedCase(
        case=case.case,
        store=str(state.store),
        source={**source.arguments()},
        labels=labels,
        features=resolve_features(case, document, catalog),
        models=resolve_models(case, document),
        validation=_validation(case, document, labels, source, state),
        ensemble=case.ensemble.model_dump(),
        score=_score(case, document, catalog, source, state),
        threads=case.threads,
        seed=case.seed,
        code=describe_code(),
    )


def _source(case: Case, document: Document, state: State) -> Source:
    root = document.path.absolute().parent
    with blaming(document, "catalog"):
        catalog = load_catalog(root / case.catalog)
    tables = case.labels.table
    with blaming(document, "warehouse"):
        return Source.of(
            case.warehouse,
            root=root,
            catalog=catalog,
            tables=[tables] if isinstance(tables, str) else tables,
            threads=case.threads,
            cache=_cache(state),
        )


def _labels(case: Case) -> dict[str, Any]:
    """Return the label section as `LabelRows` takes it."""
    targets = {
        name: {
            "column": name if isinstance(target, str) else target.column or name,
            "kind": target if isinstance(target, str) else target.kind,
        }
        for name, target in case.labels.targets.items()
    }
    return {**case.labels.model_dump(exclude_none=True), "targets": targets}


def _validation(
    case: Case, document: Document, labels: dict[str, Any], source: Source, state: State
) -> dict[str, Any]:
    """Choose the fold scheme by the labelled rows themselves."""
    task = LabelRows(labels=labels, workspace_directory=str(state.store), **source.arguments())
    with blaming(document, "labels"):
        rows = _stored(task) or task.rows()
    wanted = {
        "kind": case.validation.scheme,
        "folds": case.validation.folds,
        "horizon_s": parse_duration_s(case.labels.horizon),
    }
    with blaming(document, "validation"):
        scheme = resolve_scheme(wanted, rows)
        assign_folds(rows, scheme, seed=case.seed)  # now, so that a fold too many is told at once
    return scheme.to_json()


def _stored(task: StoredTask[Any]) -> Any:
    return task.result().table() if task.complete() else None


def _score(
    case: Case, document: Document, catalog: Catalog, source: Source, state: State
) -> dict[str, Any]:
    if case.score.population not in catalog.tables:
        names = ", ".join(sorted(catalog.tables))
        problem = f"is {case.score.population!r}, which the catalogue lacks; it has {names}."
        raise CaseError([document.problem(("score", "population"), problem)])
    with blaming(document, "score", "as_of"):
        if case.score.as_of == "latest":
            warehouse = open_warehouse(
                source.warehouse, root=Path(source.root), cache=_cache(state)
            )
            as_of = latest_event(catalog, warehouse, threads=source.threads)
        else:
            as_of = parse_instant(case.score.as_of, timezone=catalog.timezone)
    return {**case.score.model_dump(), "as_of": as_of.isoformat()}


def _cache(state: State) -> Path:
    return state.store / _WAREHOUSE_CACHE
