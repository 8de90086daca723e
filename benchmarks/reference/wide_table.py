"""A million rows by 200 columns, made shard by shard, and the folds of a GBDT over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import luigi
import numpy as np
import pyarrow as pa
from gokart_store import DatasetFormat, Resources, ShardedDataset, StoredTask, write_shards
from yule_models import AssignFolds, TrainFold, check_params

_SHARD_ROWS = 50_000
_INFORMATIVE = 10
_AS_OF = 1_700_000_000_000_000
_TARGETS = [{"name": "answer", "kind": "binary"}]


class _Rows(StoredTask[ShardedDataset]):
    """Rows with keys, sorted by entity."""

    format = DatasetFormat()
    rows = luigi.IntParameter()

    def required_resources(self) -> Resources:
        """One shard at a time."""
        return Resources(cpu=1, memory_gib=1)

    def run(self) -> None:
        """Write shard by shard."""
        with self.writing() as folder:
            write_shards(folder, self._shards())

    def _shards(self) -> Iterator[pa.Table]:
        for start in range(0, self.rows, _SHARD_ROWS):
            count = min(_SHARD_ROWS, self.rows - start)
            times = pa.array(np.full(count, _AS_OF), pa.timestamp("us", tz="UTC"))
            keys = {"entity_id": pa.array(np.arange(start, start + count)), "as_of": times}
            yield pa.table(keys | self._columns(start, count))

    def _columns(self, start: int, count: int) -> dict[str, Any]:
        raise NotImplementedError


class WideFeatures(_Rows):
    """Numbers with two digits, so that files are small; some are missing."""

    width = luigi.IntParameter()

    def _columns(self, start: int, count: int) -> dict[str, Any]:
        values = _values(start, count, self.width)
        values[:, -1] = np.where(values[:, -1] > 1, np.nan, values[:, -1])
        return {f"f{i}": pa.array(column, from_pandas=True) for i, column in enumerate(values.T)}


class WideLabels(_Rows):
    """Answers that follow from the first columns, and from chance."""

    def _columns(self, start: int, count: int) -> dict[str, Any]:
        signal = _values(start, count, _INFORMATIVE).sum(axis=1)
        noise = np.random.default_rng([1, start]).logistic(scale=2.0, size=count)
        return {"answer": pa.array((signal + noise > 0).astype(np.int64))}


def build(arguments: Mapping[str, Any]) -> list[StoredTask[Any]]:
    """Build one fit for each fold; arguments: store, rows, width, folds, rounds, threads."""
    place = {"workspace_directory": arguments["store"]}
    features = WideFeatures(rows=arguments["rows"], width=arguments["width"], **place)
    labels = WideLabels(rows=arguments["rows"], **place)
    scheme = {"kind": "stratified", "folds": arguments["folds"], "horizon_s": None}
    folds = AssignFolds(labels=labels, scheme=scheme, **place)
    params = check_params("gbdt", {"rounds": arguments["rounds"]})
    model = {"name": "gbdt", "kind": "gbdt", "params": params}
    return [
        TrainFold(
            features=features,
            labels=labels,
            folds=folds,
            model=model,
            targets=_TARGETS,
            fold=fold,
            threads=arguments["threads"],
            **place,
        )
        for fold in range(arguments["folds"])
    ]


def _values(start: int, count: int, width: int) -> Any:
    """Draw column by column, so that the first ones are the same in tables of any width."""
    columns = [np.random.default_rng([0, start, i]).standard_normal(count) for i in range(width)]
    return np.round(np.column_stack(columns), 2)
