"""Tables: Parquet to rest, Arrow IPC to be mapped into memory."""

from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pyarrow as pa

from gokart_store.artefact import Artefact
from gokart_store.dataset import write_table
from gokart_store.errors import ParameterValueError

__all__ = ["TABLE_FILE", "ArrowFormat", "ParquetFormat"]

TABLE_FILE = "table.parquet"
"""The file of `ParquetFormat`, for tasks that write it batch by batch."""


class ParquetFormat:
    """One table in a Parquet file. Takes an Arrow table or a DataFrame, returns an Arrow table."""

    name: ClassVar[str] = "parquet/1"

    def write(self, obj: Any, folder: Path) -> None:
        """Write `table.parquet`."""
        write_table(_arrow_table(obj), folder / TABLE_FILE)

    def read(self, artefact: Artefact) -> pa.Table:
        """Read the whole table."""
        return artefact.table(TABLE_FILE)


class ArrowFormat:
    """One table in an Arrow IPC file, uncompressed. Reading maps it instead of copying it."""

    name: ClassVar[str] = "arrow/1"

    def write(self, obj: Any, folder: Path) -> None:
        """Write `table.arrow`."""
        table = _arrow_table(obj)
        path = str(folder / "table.arrow")
        with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)

    def read(self, artefact: Artefact) -> pa.Table:
        """Map the whole table into memory."""
        source = pa.memory_map(str(artefact.path("table.arrow")))
        return pa.ipc.open_file(source).read_all()


def _arrow_table(obj: Any) -> pa.Table:
    if isinstance(obj, pa.Table):
        return obj
    if not isinstance(obj, pd.DataFrame):
        raise ParameterValueError(
            f"A table format stores an Arrow table or a pandas DataFrame, got {type(obj).__name__}."
        )
    if not obj.index.equals(pd.RangeIndex(len(obj))):
        raise ParameterValueError(
            "The DataFrame has an index of its own, which Parquet would lose; "
            "make it a column with reset_index(), or drop it with reset_index(drop=True)."
        )
    return pa.Table.from_pandas(obj, preserve_index=False)
