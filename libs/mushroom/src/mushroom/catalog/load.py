"""Reads a catalogue from its YAML file, and names file and line of what is wrong in it."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from mushroom.catalog.model import Catalog
from mushroom.errors import CatalogError

__all__ = ["load_catalog"]


def load_catalog(path: Path | str) -> Catalog:
    """The catalogue in a YAML file.

    Raises:
        CatalogError: the file is missing, is no YAML, or does not fit the catalogue's shape; the
            message has one line for each fault, with file, line and field path.
    """
    path = Path(path)
    try:
        return Catalog.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise CatalogError(str(error)) from error
