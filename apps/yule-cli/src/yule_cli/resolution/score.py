"""Whom the run scores, and when."""

from typing import Any

from mushroom import Catalog, parse_instant

from yule_cli.config import Case, Document
from yule_cli.errors import CaseError
from yule_cli.resolution.blame import blaming
from yule_cli.resolution.data import CaseData
from yule_cli.resolution.rows import row_section
from yule_cli.resolution.targets import check_contacts

__all__ = ["resolve_score", "scored_entity"]


def resolve_score(case: Case, document: Document, data: CaseData) -> dict[str, Any]:
    """Return the section `score` with its times, and with the columns of its rows.

    Raises:
        CaseError: If the catalogue lacks the population, or a time or price does not fit.
    """
    check_contacts(case, document)
    fixed = case.score.model_dump(include={"shards", "contact"})
    if case.score.rows is not None:
        return {**fixed, "rows": row_section(case)}
    tables = data.catalog.tables
    if case.score.population not in tables:
        names = ", ".join(sorted(tables))
        problem = f"is {case.score.population!r}, which the catalogue lacks; it has {names}."
        raise CaseError([document.problem(("score", "population"), problem)])
    with blaming(document, "score", "as_of"):
        if case.score.as_of == "latest":
            as_of = data.latest_event
        else:
            as_of = parse_instant(case.score.as_of, timezone=data.catalog.timezone)
    return {**fixed, "population": case.score.population, "as_of": as_of.isoformat()}


def scored_entity(case: Case, catalog: Catalog) -> str | None:
    """Return the column with the ids of those who are scored; None if that cannot be told."""
    if case.score.population is None:
        return case.labels.entity
    found = catalog.tables.get(case.score.population)
    return None if found is None else found.entity
