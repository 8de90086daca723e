"""The case file: its model, how it is read, and how it is described to editors."""

from yule_cli.config.document import Document
from yule_cli.config.load import load_case
from yule_cli.config.model import Case

__all__ = ["Case", "Document", "load_case"]
