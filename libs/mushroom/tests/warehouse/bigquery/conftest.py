"""The emulator, as a process of its own, and datasets in it."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pytest
from mushroom.testing.emulator import Emulator, running_emulator

BINARIES = "MUSHROOM_BQEMULATOR"
HERE = Path(__file__)


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The process that `tools/bqemulator.txt` makes possible, or a skip that says why not."""
    default = HERE.parents[5] / ".nox/bqemulator/bin"
    binaries = Path(os.environ.get(BINARIES, default))
    if not (binaries / "bqemulator").exists():
        pytest.skip(f"there is no BigQuery emulator in {binaries}; nox -s bqemulator installs it")
    with running_emulator(binaries, tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture
def bigquery(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The emulator, which warehouses that are opened in this process talk to."""
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    return emulator


Fill = Callable[[str, Mapping[str, pa.Table]], None]


@pytest.fixture
def fill(bigquery: Emulator) -> Fill:
    """Makes the dataset of a URL hold exactly some tables."""

    def fill(url: str, tables: Mapping[str, pa.Table]) -> None:
        from mushroom.warehouse.bigquery import BigQueryWarehouse, write_table

        warehouse = BigQueryWarehouse(url)
        address, client = warehouse.address, warehouse.client
        name = f"{address.project}.{address.dataset}"
        client.delete_dataset(name, delete_contents=True, not_found_ok=True)
        client.create_dataset(name)
        for table, rows in tables.items():
            write_table(warehouse, table, rows.to_batches(), schema=rows.schema)

    return fill


@pytest.fixture
def url() -> str:
    """A dataset of the test's own, in a project of its own."""
    return f"bigquery://test-{uuid4().hex[:12]}/shop"
