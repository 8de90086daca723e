"""The case file: its model, how it is read, and how it is described to editors."""

from yule_cli.config.document import Document
from yule_cli.config.load import load_case
from yule_cli.config.model import Case
from yule_cli.config.publish import Publish

__all__ = ["Case", "Document", "Publish", "load_case"]
