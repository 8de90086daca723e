"""Predictions in a table of the warehouse, whatever becomes of the run that writes them."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from shop import run_yule
from variants import change, predictions, run, table, write


@pytest.fixture
def shop(computed_shop: Path) -> Path:
    return computed_shop


def publish(case: Path, **section: Any) -> None:
    change(case, lambda fields: fields.update(publish={"table": "scores", **section}))


def test_the_table_holds_the_predictions_of_the_last_run(shop: Path) -> None:
    publish(shop)

    first = run(shop)

    assert first["table"] == {"warehouse": "duckdb:data", "table": "scores", "how": "replace"}
    assert table(shop, "scores").to_pylist() == predictions(first).to_pylist()
    change(shop, lambda fields: fields.update(seed=7))
    second = run(shop)
    rows = predictions(second)
    assert table(shop, "scores").to_pylist() == rows.to_pylist()
    assert rows["ordered"].to_pylist() != predictions(first)["ordered"].to_pylist()


def test_each_prediction_table_is_added_once(shop: Path) -> None:
    publish(shop, how="append")
    first = run(shop)

    again = run(shop)

    assert again["tasks"]["computed"] == 0
    assert table(shop, "scores").num_rows == first["rows_scored"]
    change(shop, lambda fields: fields.update(seed=7))
    second = run(shop)
    both = [*predictions(first).to_pylist(), *predictions(second).to_pylist()]
    assert table(shop, "scores").to_pylist() == both


def test_a_table_that_takes_no_rows_is_told_and_filled_by_the_next_run(shop: Path) -> None:
    old = {"entity_id": [1], "as_of": [2], "model_version": ["a"], "score": [0.5]}
    write(shop, "scores", pa.table(old))
    publish(shop, how="append")

    failed = run_yule("run", shop)

    told = " ".join(failed.stderr.split())
    assert failed.returncode == 3, told
    assert "but not in the table 'scores' of duckdb:data: The rows do not fit the table" in told
    assert "it has no column 'ordered' (FLOAT64)" in told
    assert "Start the same command again" in told
    assert table(shop, "scores").to_pylist() == pa.table(old).to_pylist()
    (shop.parent / "data/scores.parquet").unlink()
    mended = run(shop)
    assert mended["tasks"]["computed"] == 0
    assert table(shop, "scores").to_pylist() == predictions(mended).to_pylist()


def test_a_repetition_leaves_the_table_alone(shop: Path) -> None:
    publish(shop)
    first = run(shop)
    (shop.parent / "data/scores.parquet").unlink()

    repeated = run_yule("repeat", Path(first["paths"]["run"]))

    assert repeated.returncode == 0, repeated.stderr
    assert not (shop.parent / "data/scores.parquet").exists()


def test_people_are_told_which_table_was_filled(shop: Path) -> None:
    publish(shop)

    shown = run_yule("run", shop)

    assert "scores in duckdb:data replaced" in " ".join(f"{shown.stderr} {shown.stdout}".split())


def test_a_table_that_the_case_reads_keeps_its_rows(shop: Path) -> None:
    before = (shop.parent / "data/visits.parquet").read_bytes()
    publish(shop, table="visits")

    refused = run_yule("run", shop)

    assert refused.returncode == 2
    assert "which the case reads as `visits`" in " ".join(refused.stderr.split())
    assert (shop.parent / "data/visits.parquet").read_bytes() == before
