"""Text and JSON."""

import json
from pathlib import Path
from typing import Any, ClassVar

from gokart_store.artefact import Artefact
from gokart_store.canonical import canonical_json
from gokart_store.errors import ParameterValueError

__all__ = ["JsonFormat", "TextFormat"]


class JsonFormat:
    """One JSON value, written canonically."""

    name: ClassVar[str] = "json/1"

    def write(self, obj: Any, folder: Path) -> None:
        """Write `value.json`."""
        (folder / "value.json").write_text(canonical_json(obj) + "\n", encoding="utf-8")

    def read(self, artefact: Artefact) -> Any:
        """Read the value."""
        return json.loads(artefact.path("value.json").read_bytes())


class TextFormat:
    """One string, in UTF-8."""

    name: ClassVar[str] = "text/1"

    def write(self, obj: Any, folder: Path) -> None:
        """Write `text.txt`, byte for byte: line ends stay as they are."""
        if not isinstance(obj, str):
            raise ParameterValueError(f"The text format stores a str, got {type(obj).__name__}.")
        (folder / "text.txt").write_bytes(obj.encode())

    def read(self, artefact: Artefact) -> str:
        """Read the string."""
        return artefact.path("text.txt").read_bytes().decode()
