"""Blocks of YAML, JSON and TOML: each must be what it looks like."""

import json
import tomllib
from pathlib import Path
from typing import Any

import yaml
from documents import ROOT
from mushroom import Catalog, read_document
from mushroom.features import parse_features
from yule_cli.config import load_case
from yule_cli.resolution.models import resolve_models

_EXAMPLE = ROOT / "examples/online-retail/case.yaml"


def check_settings(language: str, text: str, folder: Path) -> None:
    """Check a block of settings.

    Args:
        language: `yaml`, `json` or `toml`.
        text: The block. Sections of a case take the place of those in the example's case, and the
            whole is checked as a case file is; what has `tables` is checked as a catalogue.
        folder: A folder to write to.
    """
    match language:
        case "json":
            json.loads(text)
        case "toml":
            tomllib.loads(text)
        case _:
            content = _read(text, folder)
            if isinstance(content, dict) and "tables" in content:
                Catalog.model_validate(content)
            else:
                _check_case(content, folder)


def _read(text: str, folder: Path) -> Any:
    """Read YAML as a case file is read: in it, `on` is a word."""
    path = folder / "block.yaml"
    path.write_text(text, encoding="utf-8")
    return read_document(path).content


def _check_case(content: Any, folder: Path) -> None:
    assert isinstance(content, dict), f"neither a catalogue nor sections of a case: {content!r}"
    # A whole case stands for itself; else the example's sections fill up what is not shown.
    whole = content if "case" in content else yaml.safe_load(_EXAMPLE.read_text()) | content
    path = folder / "checked.yaml"
    path.write_text(yaml.safe_dump(whole), encoding="utf-8")
    case, document = load_case(path)
    parse_features(case.features or [])
    resolve_models(case, document)
