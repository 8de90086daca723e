from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from gokart_store import (
    ArrowFormat,
    Artefact,
    DatasetFormat,
    FolderFormat,
    FolderStore,
    Format,
    JsonFormat,
    MissingEntryError,
    ParameterValueError,
    ParquetFormat,
    ShardedDataset,
    TextFormat,
)
from gokart_store.entry import Entry
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import OBJECTS, plain

ODD_NAMES = ["a b", '"quoted"', "{j: [1]}", "日本", "🍄", "a.b/c"]


def stored(folder: Path, format: Format[Any], obj: Any) -> Any:  # noqa: A002
    entry = Entry(FolderStore(folder), "cache/m/T/0", "0")
    with entry.writing({}) as payload:
        format.write(obj, payload)
    return format.read(Artefact(entry))


def bytes_of(folder: Path, format: Format[Any], obj: Any) -> dict[str, bytes]:  # noqa: A002
    folder.mkdir()
    format.write(obj, folder)
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", OBJECTS)
def test_what_is_read_is_what_was_written(tmp_path: Path, kind: str) -> None:
    format_, make = OBJECTS[kind]

    loaded = stored(tmp_path, format_, make())

    if kind == "folder":
        assert plain(loaded)["model/weights.bin"] == bytes(range(256)) * 10
        assert (loaded.path("model") / "names.json").read_text() == '["a"]'
        assert loaded.json("model/names.json") == ["a"]
    elif kind == "dataset":
        assert (loaded.num_shards, loaded.num_rows) == (4, 1000)
        assert plain(loaded) == [shard.to_pydict() for shard in make()]
    else:
        assert plain(loaded) == plain(make())


@pytest.mark.parametrize("kind", OBJECTS)
def test_the_same_object_gives_the_same_bytes(tmp_path: Path, kind: str) -> None:
    format_, make = OBJECTS[kind]

    first = bytes_of(tmp_path / "1", format_, make())
    second = bytes_of(tmp_path / "2", format_, make())

    assert list(first.values()) == list(second.values())
    assert first


@pytest.mark.parametrize("format_", [ParquetFormat(), ArrowFormat()])
def test_tables_keep_types_nulls_and_odd_names(tmp_path: Path, format_: Format[Any]) -> None:
    types = [pa.int32(), pa.string(), pa.decimal128(38, 9), pa.bool_(), pa.float64(), pa.date32()]
    fields = zip(ODD_NAMES, types, strict=True)
    table = pa.table({name: pa.array([None, None], kind) for name, kind in fields})
    table = table.append_column("t", pa.array([0, None], pa.timestamp("us", tz="UTC")))
    table = table.append_column("d", pa.array(["a", None]).dictionary_encode())
    table = table.append_column("l", pa.array([[1], None], pa.list_(pa.int64())))

    loaded = stored(tmp_path, format_, table)

    assert loaded.schema.equals(table.schema)
    assert loaded.equals(table)


@pytest.mark.parametrize("format_", [ParquetFormat(), ArrowFormat()])
@pytest.mark.parametrize("rows", [0, 1])
def test_tables_may_be_empty(tmp_path: Path, format_: Format[Any], rows: int) -> None:
    table = pa.table({"x": pa.array([1.5] * rows, pa.float64())})

    assert stored(tmp_path, format_, table).equals(table)


def test_a_data_frame_is_a_table_too(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1.5, np.nan], "s": ["a", None]})

    loaded = stored(tmp_path, ParquetFormat(), frame)

    assert loaded.to_pydict() == {"x": [1.5, None], "s": ["a", None]}
    assert loaded.schema.metadata is None


def test_an_index_of_its_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterValueError, match=r"make it a column with reset_index\(\)"):
        stored(tmp_path, ParquetFormat(), pd.DataFrame({"x": [1, 2]}, index=[5, 6]))


@pytest.mark.parametrize(
    ("format_", "obj", "message"),
    [
        (ParquetFormat(), {"x": [1]}, "stores an Arrow table or a pandas DataFrame, got dict"),
        (ArrowFormat(), [1], "stores an Arrow table or a pandas DataFrame, got list"),
        (TextFormat(), b"x", "stores a str, got bytes"),
        (JsonFormat(), {"x": float("nan")}, r"\$\.x is nan"),
        (DatasetFormat(), [], "at least one shard, got none"),
        (
            DatasetFormat(),
            [pa.table({"a": [1]}), pa.table({"a": ["x"]})],
            "Shard 1 has the columns a string; the shards before it have a int64",
        ),
    ],
)
def test_the_wrong_object_is_refused(
    tmp_path: Path, format_: Format[Any], obj: Any, message: str
) -> None:
    with pytest.raises(ParameterValueError, match=message):
        stored(tmp_path, format_, obj)
    assert not list(tmp_path.rglob("manifest.json"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_a_text_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    assert stored(tmp_path, TextFormat(), text) == text


def test_one_table_is_a_dataset_of_one_shard(tmp_path: Path) -> None:
    table = pa.table({"x": [1, 2]})

    dataset = stored(tmp_path, DatasetFormat(), table)

    assert isinstance(dataset, ShardedDataset)
    assert (dataset.num_shards, dataset.num_rows) == (1, 2)
    assert dataset.schema.names == ["x"]
    assert dataset.table().equals(table)
    with pytest.raises(ParameterValueError, match="There is no shard 1; the shards are 0 to 0"):
        dataset.shard(1)


def test_some_columns_of_a_dataset(tmp_path: Path) -> None:
    shards = [pa.table({"x": [i], "y": [-i]}) for i in range(3)]

    dataset = stored(tmp_path, DatasetFormat(), shards)

    assert dataset.shard(1, ["y"]).to_pydict() == {"y": [-1]}
    assert dataset.table(["y"]).to_pydict() == {"y": [0, -1, -2]}


def test_a_dataset_holds_one_shard_at_a_time(tmp_path: Path) -> None:
    written = []

    def shards() -> Any:
        for shard in range(3):
            written.append(len(list(tmp_path.rglob("shard-*.parquet"))))
            yield pa.table({"x": [shard]})

    stored(tmp_path, DatasetFormat(), shards())

    assert written == [0, 1, 2]


def test_loading_an_artefact_names_what_it_has(tmp_path: Path) -> None:
    artefact = stored(tmp_path, FolderFormat(), lambda folder: (folder / "a.txt").write_text("a"))

    assert artefact.names == ("a.txt",)
    with pytest.raises(MissingEntryError, match=r"has no file 'b\.txt'; it has a\.txt"):
        artefact.path("b.txt")
