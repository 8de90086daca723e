"""The labelled rows: where they lie, and whether a model may learn from them."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from mushroom import (
    Events,
    LabelRows,
    check_settled,
    end_of_day,
    parse_duration_s,
    parse_instant,
)

from yule_cli.config import Case, Document
from yule_cli.config.document import FieldPath
from yule_cli.errors import CaseError
from yule_cli.resolution.blame import blaming
from yule_cli.resolution.data import CaseData
from yule_cli.resolution.targets import target_entries
from yule_cli.state import State

__all__ = ["check_ids", "check_known", "label_rows", "label_section"]


def label_section(case: Case) -> dict[str, Any]:
    """Return the label section as `LabelRows` takes it."""
    targets = {
        name: {"column": entry.column or name, "kind": entry.kind}
        for name, entry in target_entries(case).items()
    }
    section = case.labels.model_dump(exclude_none=True, exclude={"known_until"})
    return {**section, "targets": targets}


def label_rows(case: Case, document: Document, data: CaseData, state: State) -> pa.Table:
    """Return the labelled rows, from the store where they are there.

    Raises:
        CaseError: If the rows are not usable.
    """
    task = LabelRows(
        labels=label_section(case),
        workspace_directory=state.store,
        **data.source.arguments(),
    )
    with blaming(document, "labels"):
        return task.result().table() if task.complete() else task.rows()


def check_known(rows: pa.Table, case: Case, document: Document, data: CaseData) -> None:
    """Refuse labels that look further ahead than outcomes are known.

    Raises:
        CaseError: If there are some.
    """
    timezone = data.catalog.timezone
    if case.labels.known_until != "latest":
        with blaming(document, "labels", "known_until"):
            told = parse_instant(case.labels.known_until, timezone=timezone)
            known_until = told.astimezone(ZoneInfo(timezone))
    elif any(isinstance(table, Events) for table in data.catalog.tables.values()):
        with blaming(document, "labels"):
            known_until = end_of_day(data.latest_event, timezone=timezone)
    else:
        return
    horizon_s = parse_duration_s(case.labels.horizon)
    try:
        with blaming(document, "labels", "horizon"):
            check_settled(rows, horizon_s=horizon_s, known_until=known_until)
    except CaseError as error:
        hint = " If outcomes are known from elsewhere, say until when as `labels.known_until`."
        more = hint if case.labels.known_until == "latest" else ""
        raise CaseError([f"{error}{more}"]) from error


def check_ids(
    rows: pa.Table, document: Document, data: CaseData, used: Iterable[tuple[FieldPath, str]]
) -> None:
    """Refuse tables whose entity ids are of another type than those of the labels.

    Args:
        rows: The labelled rows.
        document: The case file.
        data: What the case reads.
        used: The catalogue's tables that the case uses, each with the field that says so.

    Raises:
        CaseError: If there are some: no id of theirs would be found again.
    """
    labelled = "INT64" if pa.types.is_integer(rows.schema.field("entity_id").type) else "STRING"
    problems = []
    for path, name in used:
        table = data.catalog.table(name)
        if (found := table.types[table.entity]) != labelled:
            problem = (
                f"uses the table {name!r}, whose entity column {table.entity!r} is of the type "
                f"{found}, and the labels' ids are {labelled}; store ids in one type everywhere."
            )
            problems.append(document.problem(path, problem))
    if problems:
        raise CaseError(problems)
