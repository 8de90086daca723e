"""The rows to score, where a case lists them."""

from typing import Any

from mushroom import EntityError, RowOptions, Warehouse, check_columns

from yule_cli.config import Case, Document
from yule_cli.errors import CaseError

__all__ = ["check_rows", "row_section"]


def row_section(case: Case) -> dict[str, Any]:
    """Return where the rows lie, as `EntityRows` takes it: columns are called as in the labels."""
    columns = case.labels.model_dump(include={"entity", "as_of", "data_until"}, exclude_none=True)
    return {"table": case.score.rows, **columns}


def check_rows(case: Case, document: Document, warehouse: Warehouse) -> None:
    """Refuse rows that lack a column of the labels, or whose ids are of another type.

    Args:
        case: A case whose tables of labels are there.
        document: Its file.
        warehouse: Where the rows lie.

    Raises:
        CaseError: If it is so.
        WarehouseError: If there is no such table.
    """
    options = RowOptions.model_validate(row_section(case))
    try:
        check_columns(warehouse, options.table, options.columns, what="The table")
    except EntityError as error:
        hint = "Its columns must be called as those of the labels."
        problems = [f"cannot be used: {fault.message} {hint}" for fault in error.faults]
        raise CaseError([document.problem(("score", "rows"), text) for text in problems]) from error
    for table in case.labels.tables:
        labelled = warehouse.columns(table).get(options.entity)
        found = warehouse.columns(options.table)[options.entity]
        if labelled not in (None, found):
            problem = (
                f"is {options.table!r}, whose column {options.entity!r} is of the type {found}, "
                f"and that of the labels {table!r} is {labelled}; store ids in one type everywhere."
            )
            raise CaseError([document.problem(("score", "rows"), problem)])
