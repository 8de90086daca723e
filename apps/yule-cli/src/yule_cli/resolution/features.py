"""Which features are built: the case's, or those that `auto` chooses."""

from typing import Any

from mushroom import (
    Catalog,
    FeatureError,
    choose_features,
    holds_sequences,
    parse_duration_s,
    validate_features,
)

from yule_cli.config import Case, Document
from yule_cli.errors import CaseError
from yule_cli.resolution.blame import blaming, noting
from yule_cli.resolution.data import CaseData
from yule_cli.resolution.models import reads_sequences
from yule_cli.resolution.score import scored_entity

__all__ = ["resolve_features"]


def resolve_features(case: Case, document: Document, data: CaseData) -> list[dict[str, Any]]:
    """Return the features as `mushroom.feature_tasks` takes them.

    Raises:
        CaseError: If a feature cannot be computed, or there is none.
    """
    catalog = data.catalog
    features = case.features if case.features is not None else _chosen(case, data)
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
        problem = "names sequences alone, which most models do not read; add a method of columns."
        problems = [document.problem(("features",), problem)]
    if problems:
        raise CaseError(problems)
    return features


def _check(entry: dict[str, Any], position: int, catalog: Catalog) -> None:
    try:
        validate_features([entry], catalog)
    except FeatureError as error:
        raise error.instead_of(("features", 0), ("features", position)) from error


def _chosen(case: Case, data: CaseData) -> list[dict[str, Any]]:
    return choose_features(
        data.catalog,
        entity=scored_entity(case, data.catalog),
        horizon_s=parse_duration_s(case.labels.horizon),
        spans=data.event_spans,
        sequences=reads_sequences(case),
    )
