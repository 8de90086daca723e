"""Tasks of every format, importable by every process of the tests."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import luigi
import pandas as pd
import pyarrow as pa
from gokart_store import (
    ArrowFormat,
    Artefact,
    DatasetFormat,
    FolderFormat,
    Format,
    JsonFormat,
    JsonParameter,
    ParquetFormat,
    ShardedDataset,
    StoredTask,
    TextFormat,
    UpstreamListParameter,
    UpstreamParameter,
)

ROWS = pa.table({"x": pa.array(range(1000), pa.int64()), "s": [str(i) for i in range(1000)]})


class Number(StoredTask[int]):
    """One number; tells by a line in `$TRACE` that it ran."""

    value = luigi.IntParameter()

    def run(self) -> None:
        trace("Number")
        self.dump(self.value)


class Total(StoredTask[int]):
    """The sum of what is above it."""

    left = UpstreamParameter()
    others = UpstreamListParameter(default=())

    def run(self) -> None:
        trace("Total")
        self.dump(self.left.result() + sum(task.result() for task in self.others))


class Everything(StoredTask[Any]):
    """A parameter of every kind."""

    VERSION = 3
    options = JsonParameter()
    rate = luigi.FloatParameter()
    count = luigi.IntParameter()
    flag = luigi.BoolParameter()
    name = luigi.Parameter()
    day = luigi.DateParameter()
    above = UpstreamParameter()
    among = UpstreamListParameter()
    comment = luigi.Parameter(default="", significant=False)

    def fingerprint(self) -> dict[str, Any]:
        return {"engine": "duckdb 2.0"}

    def run(self) -> None:
        self.dump(None)


def write_files(folder: Path) -> None:
    (folder / "model").mkdir()
    (folder / "model" / "weights.bin").write_bytes(bytes(range(256)) * 10)
    (folder / "model" / "names.json").write_text('["a"]')
    (folder / "readme.txt").write_text("hello")


def shards() -> Iterator[pa.Table]:
    for start in range(0, 1000, 250):
        yield ROWS.slice(start, 250)


OBJECTS: dict[str, tuple[Format[Any], Callable[[], Any]]] = {
    "json": (JsonFormat(), lambda: {"a": [1, 2.5, None, "日本"]}),
    "text": (TextFormat(), lambda: "one\r\ntwo\n🍄"),
    "parquet": (ParquetFormat(), lambda: ROWS),
    "arrow": (ArrowFormat(), lambda: ROWS),
    "folder": (FolderFormat(), lambda: write_files),
    "dataset": (DatasetFormat(), shards),
}


class Holder(StoredTask[Any]):
    """Stores the object of one format."""

    kind = luigi.Parameter()

    @property
    def format(self) -> Format[Any]:  # type: ignore[override]
        return OBJECTS[self.kind][0]

    def run(self) -> None:
        trace("Holder")
        self.dump(OBJECTS[self.kind][1]())


class Waiting(StoredTask[object]):
    """A folder of two files, written with a pause between them."""

    format = FolderFormat()

    def run(self) -> None:
        self.dump(write_with_a_pause)


class Busy(StoredTask[object]):
    """A folder that names its writer in each of its files."""

    format = FolderFormat()

    def run(self) -> None:
        self.dump(write_name)


def write_with_a_pause(folder: Path) -> None:
    (folder / "first").write_text("1")
    say("writing")
    sys.stdin.readline()
    (folder / "second").write_text("2")


def write_name(folder: Path) -> None:
    for number in range(20):
        (folder / str(number)).write_text(str(os.getpid()))


def plain(loaded: Any) -> Any:
    """Return what was loaded as plain values that can be compared."""
    if isinstance(loaded, Artefact):
        return {name: loaded.path(name).read_bytes() for name in loaded.names}
    if isinstance(loaded, ShardedDataset):
        return [loaded.shard(shard).to_pydict() for shard in range(loaded.num_shards)]
    if isinstance(loaded, pa.Table | pd.DataFrame):
        return loaded.to_pydict()
    return loaded


def trace(line: str) -> None:
    """Append a line to the file named by `$TRACE`, if there is one."""
    if path := os.environ.get("TRACE"):
        with Path(path).open("a") as file:
            file.write(line + "\n")


def say(line: str) -> None:
    """Tell the parent process something at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
