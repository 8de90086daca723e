"""READMEs name all that they list the like of: kinds, tasks, commands."""

from __future__ import annotations

from pathlib import Path

import pytest
import yule_models
from gokart_store import StoredTask
from typer.main import get_command
from yule_cli.main import app
from yule_models import model_kinds

ROOT = Path(__file__).parents[2]
TASKS = [
    name
    for name in yule_models.__all__
    if isinstance(found := getattr(yule_models, name), type) and issubclass(found, StoredTask)
]
COMMANDS = [
    f"yule {name}"
    for name, command in get_command(app).commands.items()  # type: ignore[attr-defined]  # a group
    if not command.hidden
]


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("libs/yule-models/README.md", [*TASKS, *model_kinds()]),
        ("apps/yule-cli/README.md", COMMANDS),
    ],
)
def test_a_readme_leaves_out_none_of_its_kind(page: str, names: list[str]) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")

    assert names
    assert [name for name in names if f"`{name}" not in text and f"\n{name}" not in text] == []
