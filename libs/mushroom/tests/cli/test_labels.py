"""What a label builder writes is what the labelled rows are read from."""

from pathlib import Path
from typing import Any

import pytest
from gokart_store import run_task
from mushroom import LabelRows, Source, load_catalog

TIMES = ("--param", "as_of=2024-01-02", "--param", "known_until=2024-12-01")
DAYS = ("--param", "active_days=30", "--param", "horizon_days=1")


@pytest.mark.parametrize(
    ("method", "tables", "labels"),
    [
        ("label_event", ("population", "events"), [(1, 1), (1, 0), (2, 0)]),
        ("label_stopped", ("events",), [(1, 0), (1, 1), (2, 1)]),
    ],
)
def test_labels_from_the_command_line(
    mushroom: Any, over_shop: Any, method: str, tables: tuple[str, ...], labels: list[Any]
) -> None:
    chosen = [f"--table={name}=orders" for name in tables]
    earlier = ("--param", "as_of=2023-12-01")  # nobody was active: no rows of it
    later = ("--param", "as_of=2024-01-03")  # nobody came afterwards
    done = mushroom(
        *("methods", "run", method, *chosen, *TIMES, *earlier, *later, *DAYS, *over_shop),
        *("--output", "shop/made.parquet"),
    )
    assert done.exit_code == 0, done.stderr
    options = {
        "table": "made",
        "entity": "entity_id",
        "as_of": "as_of",
        "horizon": "1d",
        "targets": {"target": {"column": "label", "kind": "regression"}},
    }
    source = Source.of(
        "duckdb:shop", root=Path.cwd(), catalog=load_catalog("catalog.yaml"), tables=["made"]
    )
    task = LabelRows(labels=options, workspace_directory="store", **source.arguments())
    run_task(task)
    rows = task.result().table().to_pylist()
    assert [(row["entity_id"], row["target"]) for row in rows] == labels
