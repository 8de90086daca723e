"""Whether the predictions may go into the table that a case names."""

from yule_cli.config import Case, Document
from yule_cli.errors import CaseError
from yule_cli.publication import check_table
from yule_cli.resolution.blame import blaming
from yule_cli.resolution.data import CaseData

__all__ = ["check_publish"]


def check_publish(case: Case, document: Document, data: CaseData) -> None:
    """Refuse a table that holds something else, or cannot be written.

    Raises:
        CaseError: If it is so.
    """
    if case.publish is None:
        return
    reads = {table.table: f"`{name}`" for name, table in data.catalog.tables.items()}
    reads |= dict.fromkeys(case.labels.tables, "its labels")
    if case.score.rows is not None:
        reads[case.score.rows] = "its rows to score"
    root = document.path.absolute().parent
    with blaming(document, "publish"):
        problem = check_table(case.publish, case.warehouse, root=root, reads=reads)
    if problem:
        raise CaseError([document.problem(("publish", "table"), problem)])
