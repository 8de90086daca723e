"""A case as one file of a store, for a driver on a machine that sees no file of this one."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

import yaml
from gokart_store import open_store
from mushroom import load_catalog

from yule_cli.config import Document
from yule_cli.errors import CaseError

__all__ = ["packed", "unpacked"]

_CASE, _CATALOG, _METHODS = "case.yaml", "catalog.yaml", "methods"


def packed(document: Document, store: str) -> str:
    """Put a case, its catalogue and the team's own methods into a store; return the key.

    Raises:
        CatalogError: The catalogue cannot be read.
        StoreAccessError: The store cannot be reached.
    """
    root = document.path.absolute().parent
    catalog = load_catalog(root / document.content["catalog"])
    tables = catalog.as_json()
    files = {
        f"{_METHODS}/{name}.sql": text for name, text in tables.pop("method_texts", {}).items()
    }
    if "methods" in tables:
        tables["methods"] = _METHODS
    moved = {"catalog": _CATALOG, "warehouse": _absolute(document.content["warehouse"], root)}
    files[_CASE] = yaml.safe_dump(document.content | moved, sort_keys=False, allow_unicode=True)
    files[_CATALOG] = yaml.safe_dump(tables, sort_keys=False, allow_unicode=True)
    content = json.dumps(files, sort_keys=True).encode()
    key = f"cases/{hashlib.sha256(content).hexdigest()}.json"
    open_store(store).write_bytes(key, content)
    return key


def unpacked(store: str, key: str) -> Path:
    """Bring a case that `packed` has put into a store; return its file.

    Raises:
        CaseError: What lies there is not what the driver was started for.
        StoreAccessError: The store cannot be reached.
    """
    content = open_store(store).read_bytes(key) or b""
    if hashlib.sha256(content).hexdigest() != Path(key).stem:
        raise CaseError([f"{store}/{key} is not the case that the driver was started for."])
    folder = Path(tempfile.mkdtemp(prefix="case-"))
    (folder / _METHODS).mkdir()
    for name, text in json.loads(content).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / _CASE


def _absolute(warehouse: str, root: Path) -> str:
    """Return the warehouse's URL for a case file in another folder."""
    scheme, _, place = warehouse.partition(":")
    if scheme != "duckdb" or place.startswith("gs://"):
        return warehouse
    # Links stay: a volume has the path that its claim was given, and not what that leads to here.
    return f"{scheme}:{os.path.normpath(root / place)}"
