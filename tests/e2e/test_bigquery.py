"""The same case on BigQuery: an emulator of it, as a process of its own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from mushroom.testing.emulator import Emulator, emulator_binaries, running_emulator
from mushroom.warehouse.bigquery import BigQueryWarehouse, write_table

URL = "bigquery://acme/shop?max_gib=10&run_max_gib=100"


@pytest.fixture(scope="module")
def bigquery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    binaries = emulator_binaries(Path(__file__).parents[2] / ".nox/bqemulator/bin")
    with (
        running_emulator(binaries, tmp_path_factory.mktemp("emulator")) as running,
        pytest.MonkeyPatch.context() as environment,
    ):
        for name, value in running.environment.items():
            environment.setenv(name, value)
        yield running


@pytest.mark.timeout(900)
def test_a_run_on_bigquery_predicts_what_one_on_duckdb_does(
    bigquery: Emulator, shop: Path, yule: Callable[[Path], dict[str, Any]]
) -> None:
    warehouse = BigQueryWarehouse(URL)
    warehouse.client.create_dataset("acme.shop")
    for path in sorted(shop.parent.glob("data/*.parquet")):
        rows = pq.read_table(path)
        write_table(warehouse, path.stem, rows.to_batches(), schema=rows.schema)
    case = shop.with_name("bigquery.yaml")
    case.write_text(shop.read_text().replace("duckdb:data", URL) + "store: .yule-bigquery\n")

    run, on_duckdb = yule(case), yule(shop)

    assert run["tasks"]["reused"] == 0
    assert predictions(run) == predictions(on_duckdb)
    [resolved] = shop.parent.glob(".yule-bigquery/runs/*/resolved.json")
    source = json.loads(resolved.read_text())["source"]
    assert source["moment"].startswith("20")
    assert source["job_labels"]["case"] == "shop"
    again = yule(case)
    assert again["tasks"]["computed"] == 0


def predictions(run: dict[str, Any]) -> list[dict[str, Any]]:
    table = pq.read_table(run["paths"]["predictions"])
    dropped = [name for name in table.column_names if "version" in name]
    return table.drop_columns(dropped).sort_by("entity_id").to_pylist()
