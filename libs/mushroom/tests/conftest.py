"""A small shop, whose every number can be checked by eye, and an emulator of BigQuery."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import is_hypothesis_test
from mushroom import Catalog, Source, load_catalog
from mushroom.testing.emulator import (
    Emulator,
    emulator_binaries,
    fill_dataset,
    running_emulator,
)

# Laws on many rows. Each method inherits them, so that they cannot be marked where they stand.
ON_MANY_ROWS = {
    "test_bytes_do_not_depend_on_threads_or_time",
    "test_a_fit_does_not_depend_on_threads_or_order",
}

ORDERS = {
    "customer": [1, 1, 2, 3, None, 3],
    "ordered_at": [
        datetime(2024, 1, 1, 10),
        datetime(2024, 1, 2, 10),
        datetime(2024, 1, 2, 23),
        datetime(2024, 7, 1, 0),
        datetime(2024, 1, 1, 0),
        None,
    ],
    "price": [1.256, 2.0, 3.0, 4.0, 5.0, 6.0],
    "pieces": [1, 2, 3, 4, 5, 6],
    "item": ["a", "b", "a", None, "c", "d"],
}

LABELS = {
    "customer": [2, 1, 1],
    "at": [datetime(2024, 1, 3), datetime(2024, 1, 3), datetime(2024, 2, 3)],
    "bought": [True, False, True],
}

CATALOG = """\
timezone: Europe/Berlin
tables:
  orders:
    kind: events
    table: shop.orders
    entity: customer
    time: ordered_at
    measures:
      revenue: {expression: price * pieces, scale: 2}
    categories:
      item: item
  people:
    kind: attributes
    table: people
    entity: customer
    columns: [country]
    immutable: true
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the laws and what talks to the emulator, which sessions on further Pythons leave out."""
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        if "emulator" in item.fixturenames:
            item.add_marker("emulator")
        if is_hypothesis_test(item.obj) or item.originalname in ON_MANY_ROWS:
            item.add_marker("one_python")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with the tables `shop.orders`, `people` and `labels`, and `catalog.yaml`."""
    folder = tmp_path / "shop"
    folder.mkdir()
    pq.write_table(pa.table(ORDERS), folder / "shop.orders.parquet")
    pq.write_table(pa.table(LABELS), folder / "labels.parquet")
    (folder / "people.csv").write_text("customer,country\n1,DE\n4,FR\n", encoding="utf-8")
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    return folder


@pytest.fixture
def catalog(shop: Path) -> Catalog:
    """The shop's catalogue, not checked yet."""
    return load_catalog(shop.parent / "catalog.yaml")


@pytest.fixture
def source(shop: Path, catalog: Catalog) -> Source:
    """The shop as tasks read it."""
    return Source.of("duckdb:shop", root=shop.parent, catalog=catalog, tables=["labels"])


@pytest.fixture
def arguments(source: Source, tmp_path: Path) -> dict[str, Any]:
    """What every warehouse task of the shop takes."""
    return {**source.arguments(), "workspace_directory": str(tmp_path / "store")}


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The process that `tools/bqemulator.txt` makes possible, or a skip that says why not."""
    binaries = emulator_binaries(Path(__file__).parents[3] / ".nox/bqemulator/bin")
    with running_emulator(binaries, tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture
def bigquery(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The emulator, which warehouses that are opened in this process talk to."""
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    return emulator


@pytest.fixture
def url() -> str:
    """A dataset of the test's own, in a project of its own."""
    return f"bigquery://test-{uuid4().hex[:12]}/shop"


Fill = Callable[[str, Mapping[str, pa.Table]], None]


@pytest.fixture
def fill(bigquery: Emulator) -> Fill:
    """Makes the dataset of a URL hold exactly some tables, whatever taps the wire meanwhile."""

    def fill(url: str, tables: Mapping[str, pa.Table]) -> None:
        with pytest.MonkeyPatch.context() as direct:
            direct.setenv("BIGQUERY_EMULATOR_HOST", bigquery.rest)
            fill_dataset(url, tables)

    return fill
