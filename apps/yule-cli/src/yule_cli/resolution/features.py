"""Which features are built: the case's, or one method for each table of the catalogue."""

from typing import Any

from mushroom import (
    Attributes,
    Catalog,
    Events,
    FeatureError,
    holds_sequences,
    validate_features,
)

from yule_cli.config import Case, Document
from yule_cli.errors import CaseError
from yule_cli.resolution.blame import blaming, noting

__all__ = ["resolve_features"]

_DEFAULT_WINDOWS = ("30d", "90d", "365d", "all")


def resolve_features(case: Case, document: Document, catalog: Catalog) -> list[dict[str, Any]]:
    """Return the features as `mushroom.feature_tasks` takes them.

    Raises:
        CaseError: If a feature cannot be computed, or there is none.
    """
    features = case.features if case.features is not None else _defaults(catalog)
    if not features:
        problem = "names no feature; add a method, or a table to the catalogue."
        raise CaseError([document.problem(("features",), problem)])
    problems: list[str] = []
    for position, entry in enumerate(features):
        with noting(problems), blaming(document, "features"):
            _check(entry, position, catalog)
    if not problems:
        with noting(problems), blaming(document, "features"):
            validate_features(features, catalog)  # together: each name may stand once
    if not problems and all(holds_sequences(str(entry["method"])) for entry in features):
        problem = "names sequences alone, which the models do not read; add a method of columns."
        problems = [document.problem(("features",), problem)]
    if problems:
        raise CaseError(problems)
    return features


def _check(entry: dict[str, Any], position: int, catalog: Catalog) -> None:
    try:
        validate_features([entry], catalog)
    except FeatureError as error:
        raise error.instead_of(("features", 0), ("features", position)) from error


def _defaults(catalog: Catalog) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = []
    for name, table in sorted(catalog.tables.items()):
        match table:
            case Events():
                windows = list(_DEFAULT_WINDOWS)
                method = {"method": "event_windows", "table": name, "windows": windows}
                features.append({"name": name, **method})
            case Attributes() if table.is_historic:
                features.append({"name": name, "method": "entity_attributes", "table": name})
            case _:
                continue
    return features
