"""The leak sentinel: what it flags, and how far honest features lead, over the yardsticks."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from harness import Result, copy_example, data_folder, say, timed
from harness.rel_f1 import REL_F1, rel_f1_case
from harness.yardstick import CASES, write_tables

_LEAK = "duration"


def measure() -> Result:
    """Search every yardstick, and bank-marketing once more without its leak."""
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as lent:
        for name, case in _cases(Path(lent)):
            printed = timed(["-m", "reference.find_leaks", str(case)])[1]
            (told,) = json.loads(printed.splitlines()[-1]).values()
            found[name] = {key: told[key] for key in ("features", "suspects", "lead", "margin")}
            say(f"{name}: {found[name]}")
    honest = {name: each for name, each in found.items() if name != "bank-marketing"}
    is_told = [name.rpartition(".")[2] for name in found["bank-marketing"]["suspects"]] == [_LEAK]
    return Result(
        ours=found["bank-marketing"]["lead"],
        reference=max(each["lead"] for each in honest.values()),
        unit="lead over the next feature (reference: the widest of honest features)",
        goal=f"`{_LEAK}` of bank-marketing is flagged, and nothing else",
        is_met=is_told and not any(each["suspects"] for each in honest.values()),
        details={"yardsticks": found},
    )


def _cases(folder: Path) -> Iterator[tuple[str, Path]]:
    for task in REL_F1:
        yield f"rel-f1 {task}", rel_f1_case(folder / task, task)
    yield "online-retail", copy_example(folder / "online-retail")
    adult = pd.read_parquet(data_folder("adult", "train.parquet") / "train.parquet")
    yield "adult", _case(folder, "adult", adult, table="people", label="income_over_50k")
    bank = pd.read_parquet(data_folder("bank-marketing", "bank.parquet") / "bank.parquet")
    rows = bank[bank["fold"] != 0].drop(columns="fold")
    case = _case(folder, "bank-marketing", rows, table="calls", label="subscribed")
    yield "bank-marketing", case
    catalog = case.with_name("catalog.yaml")
    text = catalog.read_text(encoding="utf-8")
    assert text.count(f"{_LEAK}, ") == 1, f"{catalog} does not list {_LEAK}."
    catalog.write_text(text.replace(f"{_LEAK}, ", ""), encoding="utf-8")
    yield f"bank-marketing without {_LEAK}", case


def _case(folder: Path, name: str, rows: pd.DataFrame, *, table: str, label: str) -> Path:
    """Write a yardstick's case over its training rows alone."""
    shutil.copytree(CASES / name, folder / name)
    write_tables(folder / name / "data", rows, rows, table=table, entity="user_id", target=label)
    return folder / name / "case.yaml"
