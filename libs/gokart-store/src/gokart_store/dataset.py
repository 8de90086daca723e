"""A table in numbered Parquet files, so that it is read and written a shard at a time."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gokart_store.artefact import Artefact
from gokart_store.errors import GokartStoreError, ParameterValueError

__all__ = [
    "ShardedDataset",
    "shard_name",
    "write_batches",
    "write_shards",
    "write_stream",
    "write_table",
]

_GROUP_ROWS = 131_072
_GROUP_VALUES = 2**24


def shard_name(shard: int) -> str:
    """Return the file name of a shard.

    Example:
        >>> shard_name(3)
        'shard-00003.parquet'
    """
    return f"shard-{shard:05d}.parquet"


def write_table(table: pa.Table, path: Path) -> None:
    """Write Parquet whose bytes depend on the table and the library alone."""
    metadata = {k: v for k, v in (table.schema.metadata or {}).items() if k != b"pandas"}
    pq.write_table(table.replace_schema_metadata(metadata or None), path, compression="zstd")


def write_batches(batches: Iterable[pa.RecordBatch], path: Path) -> None:
    """Write Parquet, holding no more than one row group and one batch at a time.

    The bytes do not depend on where the rows are cut into batches.

    Args:
        batches: At least one, all of one schema.
        path: The file.

    Raises:
        ParameterValueError: If there is no batch.
    """
    writer: pq.ParquetWriter | None = None
    held: list[pa.RecordBatch] = []
    is_empty = True
    try:
        for batch in batches:
            if writer is None:
                schema = batch.schema.remove_metadata()
                group = max(1, min(_GROUP_ROWS, _GROUP_VALUES // max(1, len(schema))))
                writer = pq.ParquetWriter(path, schema, compression="zstd")
            held += [batch] if batch.num_rows else []
            is_empty = is_empty and not held
            while sum(part.num_rows for part in held) >= group:
                table = pa.Table.from_batches(held)
                _write_group(writer, table.slice(0, group))
                held = table.slice(group).to_batches()
        if writer is None:
            raise ParameterValueError("A table needs at least one batch, got none.")
        # Not every version of pyarrow reads a file without any row group.
        if held or is_empty:
            _write_group(writer, pa.Table.from_batches(held, schema))
    finally:
        if writer is not None:
            writer.close()


def write_shards(folder: Path, tables: Iterable[pa.Table]) -> None:
    """Write one file per table, holding no more than one of them at a time.

    Raises:
        ParameterValueError: If the schemas differ, or there is no table.
    """
    schema: pa.Schema | None = None
    for shard, table in enumerate(tables):
        if schema is not None and not table.schema.equals(schema):
            raise ParameterValueError(
                f"Shard {shard} has the columns {_columns(table.schema)}; "
                f"the shards before it have {_columns(schema)}."
            )
        schema = table.schema
        write_table(table, folder / shard_name(shard))
    if schema is None:
        raise ParameterValueError("A sharded dataset needs at least one shard, got none.")


def write_stream(folder: Path, batches: Iterable[pa.RecordBatch], *, shard_rows: int) -> None:
    """Write one file for every `shard_rows` rows as they come, the last one with fewer.

    No more than one row group and one batch is held at a time, and the bytes do not depend on where
    the rows are cut into batches. No rows make one empty shard.

    Args:
        folder: Where the shards go.
        batches: At least one, all of one schema.
        shard_rows: Rows of each shard, at least 1.

    Raises:
        ParameterValueError: If there is no batch.
    """
    shard = -1
    for shard, part in enumerate(_parts(batches, shard_rows)):
        write_batches(part, folder / shard_name(shard))
    if shard < 0:
        raise ParameterValueError("A sharded dataset needs at least one batch, got none.")


class ShardedDataset:
    """Rows of one schema, cut into shards.

    Args:
        artefact: The stored folder with the shards.
    """

    def __init__(self, artefact: Artefact) -> None:
        self._artefact = artefact
        expected = tuple(shard_name(shard) for shard in range(len(artefact.names)))
        if artefact.names != expected:
            raise GokartStoreError(
                f"A sharded dataset consists of {shard_name(0)} and so on, got {artefact.names}."
            )

    @property
    def num_shards(self) -> int:
        """Number of shards, at least 1."""
        return len(self._artefact.names)

    @property
    def schema(self) -> pa.Schema:
        """The schema that all shards share."""
        return pq.read_schema(self.shard_path(0))

    @property
    def num_rows(self) -> int:
        """Rows of all shards together."""
        return sum(
            int(pq.read_metadata(self.shard_path(shard)).num_rows)
            for shard in range(self.num_shards)
        )

    def shard_path(self, shard: int) -> Path:
        """Return the verified file of a shard."""
        if not 0 <= shard < self.num_shards:
            raise ParameterValueError(
                f"There is no shard {shard}; the shards are 0 to {self.num_shards - 1}."
            )
        return self._artefact.path(shard_name(shard))

    def shard(self, shard: int, columns: list[str] | None = None) -> pa.Table:
        """Read one shard, or some columns of it."""
        return pq.ParquetFile(self.shard_path(shard)).read(columns=columns)

    def table(self, columns: list[str] | None = None) -> pa.Table:
        """Read all rows, in the order of the shards."""
        return pa.concat_tables(self.shard(shard, columns) for shard in range(self.num_shards))


def _parts(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[Iterator[pa.RecordBatch]]:
    """Parts of so many rows, each of which must be drawn to its end before the next."""
    source = iter(batches)
    rest = next(source, None)

    def part() -> Iterator[pa.RecordBatch]:
        nonlocal rest
        room = rows
        while rest is not None and room:
            yield rest.slice(0, room)
            rest, room = rest.slice(room), room - min(room, rest.num_rows)
            while rest is not None and not rest.num_rows:
                rest = next(source, None)

    while rest is not None:
        yield part()


def _write_group(writer: pq.ParquetWriter, rows: pa.Table) -> None:
    # How a column is cut into chunks shows in the bytes.
    whole = rows.replace_schema_metadata().combine_chunks()
    writer.write_table(whole, row_group_size=max(1, whole.num_rows))


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {field.type}" for field in schema)
