"""Rows that are written as they come."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gokart_store import ParameterValueError
from gokart_store.dataset import shard_name, write_batches, write_stream

ROWS = pa.table(
    {"x": range(300_000), "s": [f"{k % 7}" if k % 11 else None for k in range(300_000)]}
)


@pytest.mark.parametrize("cuts", [[], [1, 65_536, 131_072], [131_073, 131_073, 290_000]])
def test_where_rows_are_cut_does_not_show(tmp_path: Path, cuts: list[int]) -> None:
    write_batches(ROWS.combine_chunks().to_batches(), tmp_path / "whole.parquet")
    ends = [0, *cuts, len(ROWS)]
    parts = [ROWS.slice(a, b - a).combine_chunks() for a, b in pairwise(ends)]
    empty = pa.RecordBatch.from_pylist([], ROWS.schema)
    batches = [batch for part in parts for batch in (*part.to_batches(), empty)]
    write_batches(batches, tmp_path / "cut.parquet")
    assert (tmp_path / "cut.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert pq.read_table(tmp_path / "cut.parquet").equals(ROWS)
    assert pq.read_metadata(tmp_path / "cut.parquet").num_row_groups == 3


def test_little_is_held(tmp_path: Path) -> None:
    most = 0
    before = pa.total_allocated_bytes()

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal most
        for k in range(100):
            yield pa.record_batch({"x": pa.array(range(k, k + 50_000)), "y": [0.5] * 50_000})
            most = max(most, pa.total_allocated_bytes() - before)

    write_batches(batches(), tmp_path / "t.parquet")
    assert most < 16 * 2**20  # of 80 MB in all


@pytest.mark.one_python
def test_a_wide_table_has_smaller_groups(tmp_path: Path) -> None:
    batch = pa.record_batch({f"c{k}": pa.array([0] * 5000) for k in range(10_000)})
    write_batches([batch], tmp_path / "t.parquet")
    assert pq.read_metadata(tmp_path / "t.parquet").row_group(0).num_rows == 1677


def test_no_rows_keep_their_schema(tmp_path: Path) -> None:
    empty = pa.RecordBatch.from_pylist([], ROWS.schema)
    write_batches([empty], tmp_path / "t.parquet")
    assert pq.read_table(tmp_path / "t.parquet").equals(ROWS.slice(0, 0))
    with pytest.raises(ParameterValueError, match="needs at least one batch, got none"):
        write_batches([], tmp_path / "t.parquet")


@pytest.mark.parametrize("cut", [1, 3, 4, 10])
def test_a_stream_is_cut_into_shards_wherever_its_batches_end(tmp_path: Path, cut: int) -> None:
    rows = ROWS.slice(0, 10).combine_chunks()
    empty = pa.RecordBatch.from_pylist([], ROWS.schema)
    parts = [rows[start : start + cut].to_batches() for start in range(0, 10, cut)]
    batches = [batch for part in parts for batch in (empty, *part)]
    write_stream(tmp_path, [*batches, empty], shard_rows=4)
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths] == [shard_name(shard) for shard in range(3)]
    assert all(pq.read_table(p).equals(rows[4 * k : 4 * k + 4]) for k, p in enumerate(paths))
    write_batches(rows[4:8].to_batches(), tmp_path / "second")
    assert paths[1].read_bytes() == (tmp_path / "second").read_bytes()


def test_a_stream_without_rows_is_one_shard(tmp_path: Path) -> None:
    empty = pa.RecordBatch.from_pylist([], ROWS.schema)
    write_stream(tmp_path, [empty, empty], shard_rows=4)
    assert [pq.read_table(path) for path in tmp_path.iterdir()] == [ROWS.slice(0, 0)]
    with pytest.raises(ParameterValueError, match="needs at least one batch, got none"):
        write_stream(tmp_path, [], shard_rows=4)
