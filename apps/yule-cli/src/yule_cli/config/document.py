"""The case file as a document that knows the lines of its fields."""

from pathlib import Path

from mushroom import Document, DocumentError, FieldPath, read_document, show_path

from yule_cli.errors import CaseError

__all__ = ["Document", "FieldPath", "read_case", "show_path"]


def read_case(path: Path) -> Document:
    """Read a case file.

    Raises:
        CaseError: If there is no such file, or it is not a mapping of plain values in YAML.
    """
    try:
        return read_document(path, shown=path.name)
    except DocumentError as error:
        raise CaseError(error.problems) from error
