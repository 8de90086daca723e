"""How a Python object becomes the files of an entry, and comes back. None of them executes code."""

from gokart_store.formats.base import Format
from gokart_store.formats.folders import DatasetFormat, FolderFormat
from gokart_store.formats.tables import TABLE_FILE, ArrowFormat, ParquetFormat
from gokart_store.formats.texts import JsonFormat, TextFormat

__all__ = [
    "TABLE_FILE",
    "ArrowFormat",
    "DatasetFormat",
    "FolderFormat",
    "Format",
    "JsonFormat",
    "ParquetFormat",
    "TextFormat",
]
