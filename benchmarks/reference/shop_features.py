"""Features of the example's purchases over windows, by `mushroom`, pandas or featuretools.

`python -m reference.shop_features SIDE WANTED DATA OUT`: describes each labelled row of the folder
DATA by the features WANTED, writes OUT, a Parquet file with `customer_id`, `as_of` and one column
for each feature, and prints one line of JSON: seconds from the files to the features, those of
CPU, those of CPU of the whole process with its imports, and the peak of memory. featuretools needs
an environment of its own, so nothing of Yule is imported before it is asked for.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

DAYS = {"30d": 30, "90d": 90, "all": None}
MEASURES = ("quantity", "unit_price", "amount")
SINCE = {"recency": "max", "first_seen": "min"}
_KEYS = ["customer_id", "as_of"]
_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Features, by the names that `event_windows` has for them.

    Attributes:
        aggregates: Of each measure, in each window, beside the count of purchases.
        categories: Of which, in each window, the number of values is wanted, and the top one.
        since: Days from the last, and the first, purchase of all.
    """

    aggregates: tuple[str, ...]
    categories: tuple[str, ...] = ()
    since: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The names of all features, in order."""
        return [*self.since, *(name for window in DAYS for name in self._of(window))]

    def _of(self, window: str) -> Iterator[str]:
        yield f"{window}.count"
        yield from (f"{window}.{m}.{what}" for m in MEASURES for what in self.aggregates)
        yield from (f"{window}.{c}.{what}" for c in self.categories for what in ("distinct", "top"))


WANTED = {
    "numbers": Wanted(aggregates=("sum", "mean", "min", "max")),
    "defaults": Wanted(
        aggregates=("sum", "mean", "min", "max", "std"),
        categories=("country", "invoice", "item"),
        since=tuple(SINCE),
    ),
}
"""Sums and their like alone; and the defaults of `event_windows`, but for `active_days`, `interval`
and trends, which the others have no word for."""


def by_mushroom(data: Path, wanted: Wanted) -> pd.DataFrame:
    """As a user of the library does: a catalogue, labelled rows, one feature."""
    from gokart_store import run_task
    from mushroom import LabelRows, Source, feature_tasks, load_catalog

    labels = {
        "table": ["labels_train", "labels_val"],
        "entity": "customer_id",
        "as_of": "as_of",
        "horizon": "60d",
        "targets": {"purchased": {"kind": "binary", "column": "purchased"}},
    }
    of_categories = ("distinct", "top") if wanted.categories else ()
    feature = {
        "name": "f",
        "method": "event_windows",
        "table": "purchases",
        "windows": list(DAYS),
        "aggregates": ["count", *wanted.since, *wanted.aggregates, *of_categories],
        "categories": list(wanted.categories),
        "trend": [],
    }
    with tempfile.TemporaryDirectory() as store:
        catalog = load_catalog(data.parent / "catalog.yaml")
        source = Source.of(
            f"duckdb:{data}", root=data.parent, catalog=catalog, tables=labels["table"], threads=2
        )
        rows = LabelRows(labels=labels, workspace_directory=store, **source.arguments())
        (task,) = feature_tasks(rows, [feature], source)
        for each in (rows, task):
            run_task(each)
        found = task.result().table().to_pandas()
    found["as_of"] = found["as_of"].dt.tz_localize(None)
    names = {column: column.removeprefix("f.") for column in found if column.startswith("f.")}
    renamed: pd.DataFrame = found.rename(columns={"entity_id": "customer_id", **names})
    return renamed


def by_pandas(data: Path, wanted: Wanted) -> pd.DataFrame:
    """As it is written by hand: one group-by for each time and window."""
    purchases, labels = _tables(data)
    found = []
    for as_of in labels["as_of"].unique():
        rows = labels[labels["as_of"] == as_of]
        described = rows[_KEYS].set_index("customer_id")
        past = purchases[purchases["invoiced_at"] <= as_of]
        for name in wanted.since:
            at = past.groupby("customer_id")["invoiced_at"].agg(SINCE[name])
            described = described.join(((as_of - at) / _DAY).rename(name))
        for window, days in DAYS.items():
            since = None if days is None else as_of - pd.Timedelta(days=days)
            seen = past if since is None else past[past["invoiced_at"] > since]
            groups = seen.groupby("customer_id")
            counts = groups.size().rename(f"{window}.count")
            values = groups[list(MEASURES)].agg(list(wanted.aggregates))
            values.columns = pd.Index([f"{window}.{'.'.join(name)}" for name in values.columns])
            described = described.join(counts).join(values)
            described[counts.name] = described[counts.name].fillna(0).astype("int64")
            for name in wanted.categories:
                events = seen.groupby(["customer_id", name], sort=True).size().rename("events")
                most = events.reset_index().sort_values(
                    ["customer_id", "events", name], ascending=[True, False, True]
                )
                of_customer = most.groupby("customer_id")[name]
                described = described.join(of_customer.size().rename(f"{window}.{name}.distinct"))
                described = described.join(of_customer.first().rename(f"{window}.{name}.top"))
        found.append(described.reset_index())
    described_all: pd.DataFrame = pd.concat(found, ignore_index=True)
    return described_all


def by_featuretools(data: Path, wanted: Wanted) -> pd.DataFrame:
    """Deep feature synthesis with a cutoff time for each row, window by window."""
    ft: Any = import_module("featuretools")

    purchases, labels = _tables(data)
    purchases.insert(0, "purchase", range(len(purchases)))
    entities = ft.EntitySet(id="shop")
    entities.add_dataframe(
        dataframe_name="purchases",
        dataframe=purchases,
        index="purchase",
        time_index="invoiced_at",
        logical_types=dict.fromkeys(("country", "invoice", "item"), "Categorical"),
    )
    customers = pd.DataFrame({"customer_id": sorted(labels["customer_id"].unique())})
    entities.add_dataframe(dataframe_name="customers", dataframe=customers, index="customer_id")
    entities.add_relationship("customers", "customer_id", "purchases", "customer_id")
    cutoffs = labels[_KEYS].rename(columns={"as_of": "time"})
    found = labels[_KEYS].set_index(_KEYS)
    of_categories = ["num_unique", "mode"] if wanted.categories else []
    since = {
        "recency": ft.primitives.TimeSinceLast(unit="days"),
        "first_seen": ft.primitives.TimeSinceFirst(unit="days"),
    }
    for window, days in DAYS.items():
        of_all = [since[name] for name in wanted.since] if days is None else []
        described, _ = ft.dfs(
            entityset=entities,
            target_dataframe_name="customers",
            cutoff_time=cutoffs,
            training_window=None if days is None else ft.Timedelta(days, "d"),
            agg_primitives=["count", *wanted.aggregates, *of_categories, *of_all],
            trans_primitives=[],
            max_depth=1,
            include_cutoff_time=True,
            cutoff_time_in_index=True,
            n_jobs=1,
        )
        described.index.names = _KEYS
        described.columns = [_name(column, window) for column in described.columns]
        found = found.join(described)
    return found.reset_index()


_NAMES = {"num_unique": "distinct", "mode": "top"}
_SINCE_NAMES = {"time_since_last": "recency", "time_since_first": "first_seen"}


def _name(column: str, window: str) -> str:
    what, _, measured = column.removesuffix(")").lower().partition("(purchases")
    if what in _SINCE_NAMES:
        return _SINCE_NAMES[what]
    return ".".join(filter(None, [window, measured.removeprefix("."), _NAMES.get(what, what)]))


def _tables(data: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    columns = ["customer_id", "invoiced_at", "quantity", "unit_price"]
    texts = {"invoice_no": "invoice", "stock_code": "item", "country": "country"}
    purchases = pd.read_parquet(data / "transactions.parquet", columns=[*columns, *texts])
    purchases = purchases.rename(columns=texts).dropna(subset=["customer_id", "invoiced_at"])
    purchases["customer_id"] = purchases["customer_id"].astype("int64")
    # As the catalogue has it, in whole thousandths: sums are exact then.
    purchases["unit_price"] = purchases["unit_price"].round(3)
    purchases["amount"] = (purchases["quantity"] * purchases["unit_price"]).round(3)
    paths = (data / "labels_train.parquet", data / "labels_val.parquet")
    labels = pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True)
    return purchases, labels


SIDES = {"mushroom": by_mushroom, "pandas": by_pandas, "featuretools": by_featuretools}
MODULES = {
    "mushroom": (
        *("gokart_store.task", "mushroom.tasks.features", "mushroom.tasks.labels"),
        "mushroom.warehouse.duckdb",
        *("sqlglot.dialects.bigquery", "sqlglot.dialects.duckdb"),
    ),
    "pandas": ("pyarrow.parquet",),
    "featuretools": ("featuretools", "pyarrow.parquet"),
}
"""What each side loads before its time begins to count."""


def main(side: str, wanted: str, data: str, out: str) -> None:
    """Describe, write, and tell what it took."""
    for module in MODULES[side]:
        import_module(module)
    features = WANTED[wanted]
    started, cpu_s = time.perf_counter(), time.process_time()
    found = SIDES[side](Path(data).resolve(), features)
    seconds, process_cpu_s = time.perf_counter() - started, time.process_time()
    told = {"seconds": seconds, "cpu_s": process_cpu_s - cpu_s, "process_cpu_s": process_cpu_s}
    peak: Any = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = found.sort_values(_KEYS)[[*_KEYS, *features.columns]].reset_index(drop=True)
    found.columns = pd.Index(map(str, found.columns))
    numbers = [name for name in features.columns if not name.endswith(".top")]
    found.astype(dict.fromkeys(numbers, "float64")).to_parquet(out)
    print(json.dumps({**told, "peak_gib": peak / 2**20}))


if __name__ == "__main__":
    main(*sys.argv[1:])
