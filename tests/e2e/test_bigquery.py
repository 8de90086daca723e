"""The same case on BigQuery with its store in a bucket: emulators, as processes of their own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gokart_store import open_store
from gokart_store.testing.gcs_emulator import gcs_emulator
from mushroom import PhysicalTable, Query, open_warehouse, parse_query
from mushroom.testing.emulator import emulator_binaries, fill_dataset, running_emulator
from variants import change, quick_shop

URL = "bigquery://acme/shop?max_gib=10&run_max_gib=100"
STORE = "gs://cases/team a"


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Both emulators, which every process started from here talks to."""
    binaries = emulator_binaries(Path(__file__).parents[2] / ".nox/bqemulator/bin")
    with (
        running_emulator(binaries, tmp_path_factory.mktemp("emulator")) as running,
        gcs_emulator("cases") as buckets,
        pytest.MonkeyPatch.context() as environment,
    ):
        for name, value in running.environment.items():
            environment.setenv(name, value)
        environment.setenv("STORAGE_EMULATOR_HOST", buckets)
        environment.setenv("GOKART_STORE_CACHE", str(tmp_path_factory.mktemp("machine")))
        yield


@pytest.mark.timeout(900)
def test_a_run_in_the_cloud_predicts_what_one_on_duckdb_and_a_folder_does(
    clouds: None, tmp_path: Path, plain: dict[str, Any], yule: Callable[[Path], dict[str, Any]]
) -> None:
    there = quick_shop(tmp_path)
    fill_dataset(URL, {path.stem: pq.read_table(path) for path in tmp_path.glob("data/*.parquet")})
    publish = {"table": "scores"}
    change(there, lambda fields: fields.update(warehouse=URL, store=STORE, publish=publish))

    run = yule(there)

    assert run["tasks"]["reused"] == 0
    assert run["paths"]["predictions"].startswith(f"{STORE}/predictions/")
    assert predictions(run) == predictions(plain)
    resolved = open_store(STORE).read_bytes(f"runs/{run['run_id']}/resolved.json")
    source = json.loads(resolved or b"")["source"]
    assert source["moment"].startswith("20")
    assert source["job_labels"]["case"] == "shop"
    assert table(URL, "scores") == predictions(run)
    again = yule(there)
    assert again["tasks"]["computed"] == 0


def table(url: str, name: str) -> list[dict[str, Any]]:
    """The rows of a table of the warehouse, likewise."""
    query = Query(tree=parse_query("SELECT * FROM t"), relations={"t": PhysicalTable(name=name)})
    rows = open_warehouse(url, root=Path()).run(query)
    return rows.drop_columns(["model_version"]).sort_by("entity_id").to_pylist()


def predictions(run: dict[str, Any]) -> list[dict[str, Any]]:
    """The published rows by entity, without the identity of what was trained where."""
    parent, _, run_id = run["paths"]["predictions"].rpartition("/")
    store = open_store(parent)
    names = [name for name in store.sizes(run_id) if name.endswith(".parquet")]
    parts = [
        pq.read_table(pa.BufferReader(store.read_bytes(f"{run_id}/{n}") or b"")) for n in names
    ]
    table = pa.concat_tables(parts)
    dropped = [name for name in table.column_names if "version" in name]
    assert table.num_rows == run["rows_scored"]
    return table.drop_columns(dropped).sort_by("entity_id").to_pylist()
