"""A little shop: enough data for every stage of a run, small enough to run many times."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CUSTOMERS = 240
_DAY_US = 86_400_000_000
_START = np.datetime64("2024-01-01", "us").astype("int64")
_AS_OF_DAYS = (90, 120, 150, 180, 210)
_HORIZON_DAYS = 30
_LAST_DAY = 240

CATALOG = """\
timezone: UTC
tables:
  orders:
    kind: events
    table: orders
    entity: customer
    time: at
    measures:
      amount: {expression: amount, scale: 2}
  visits:
    kind: events
    table: visits
    entity: customer
    time: at
    categories:
      page: page
"""

CASE = """\
case: shop
warehouse: duckdb:data
catalog: catalog.yaml
labels:
  table: labels
  entity: customer
  as_of: as_of
  horizon: 30d
  targets: {ordered: binary}
features:
  - {name: orders, method: event_windows, table: orders, windows: [30d, all]}
  - {name: visits, method: event_windows, table: visits, windows: [14d, all]}
models:
  - {name: small, kind: gbdt, params: {num_leaves: 4, rounds: 20}}
  - {name: large, kind: gbdt, params: {num_leaves: 8, rounds: 20}}
baselines: [constant]
validation: {scheme: forward, folds: 3}
score: {population: visits, as_of: 2024-08-28, shards: 2}
run: {workers: 1}
explain: {importances: false}
"""

UNTRACKED = "tracking: {enabled: false}\n"


def write_shop(folder: Path, *, is_tracked: bool = False) -> Path:
    """Write data, catalogue and case; return the case file.

    Args:
        folder: Where.
        is_tracked: Whether MLflow hears of the runs: loading it takes a quarter of each.
    """
    rng = np.random.default_rng(7)
    keen = rng.beta(1, 3, CUSTOMERS)
    data = folder / "data"
    data.mkdir(parents=True)
    visits = _events(rng, keen * 0.6 + 0.02)
    pages = np.array(["home", "sale", "help"])[rng.integers(0, 3, len(visits["customer"]))]
    orders = _events(rng, keen * 0.06)
    amounts = rng.gamma(2, 20, len(orders["customer"])).round(2)
    pq.write_table(pa.table({**visits, "page": pages}), data / "visits.parquet")
    pq.write_table(pa.table({**orders, "amount": amounts}), data / "orders.parquet")
    pq.write_table(_labels(orders), data / "labels.parquet")
    (folder / "catalog.yaml").write_text(CATALOG)
    case = folder / "case.yaml"
    case.write_text(CASE if is_tracked else CASE + UNTRACKED)
    return case


def run_yule(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the installed `yule` command in a process of its own."""
    command = [str(Path(sys.executable).with_name("yule")), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)


def _events(rng: np.random.Generator, rates: np.ndarray) -> dict[str, pa.Array]:
    happens = rng.random((CUSTOMERS, _LAST_DAY)) < rates[:, None]
    customer, day = np.nonzero(happens)
    at = _START + day * _DAY_US + rng.integers(0, _DAY_US, len(day))
    return {"customer": pa.array(customer), "at": pa.array(at).cast(pa.timestamp("us"))}


def _labels(orders: dict[str, pa.Array]) -> pa.Table:
    at = orders["at"].cast(pa.int64()).to_numpy()
    customer = orders["customer"].to_numpy()
    columns: dict[str, list[int]] = {"customer": [], "as_of": [], "ordered": []}
    for days in _AS_OF_DAYS:
        as_of = _START + days * _DAY_US
        inside = (at > as_of) & (at <= as_of + _HORIZON_DAYS * _DAY_US)
        buyers = set(customer[inside].tolist())
        columns["customer"] += range(CUSTOMERS)
        columns["as_of"] += [int(as_of)] * CUSTOMERS
        columns["ordered"] += [int(who in buyers) for who in range(CUSTOMERS)]
    table = pa.table(columns)
    as_of = table["as_of"].cast(pa.timestamp("us"))
    return table.set_column(1, "as_of", as_of)
