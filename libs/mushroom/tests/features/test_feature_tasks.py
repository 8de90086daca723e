"""The feature tasks: ids, shards, alignment and the joined table."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import luigi
import pyarrow as pa
import pytest
from gokart_store import DatasetFormat, JsonParameter, ShardedDataset, StoredTask, run_task
from gokart_store import write_shards as write
from mushroom.errors import SnapshotChangedError
from mushroom.features import FeatureError
from mushroom.source import Source
from mushroom.tasks.features import EventWindows, FeatureTable, feature_tasks
from mushroom.tasks.features.joined import join_columns
from mushroom.testing import World, entity_rows
from mushroom.warehouse import Warehouse

EVENTS = {"name": "e", "method": "event_windows", "table": "events", "windows": ["7d", "30d"]}
ATTRIBUTES = {"name": "a", "method": "entity_attributes", "table": "attributes"}


class EntityRows(StoredTask[ShardedDataset]):
    """Given entity rows, in given shards."""

    format = DatasetFormat()
    shards = JsonParameter()
    ids = luigi.Parameter(default="int64")

    def run(self) -> None:
        with self.writing() as folder:
            write(folder, (entity_rows(rows, ids=self.ids) for rows in self.shards.value))


@pytest.fixture
def source(tmp_path: Path) -> Source:
    world = World.random(users=9, rows=300, seed=5)
    folder = tmp_path / "data"
    folder.mkdir()
    world.write(folder)
    return Source.of("duckdb:data", root=tmp_path, catalog=world.catalog)


def entities(tmp_path: Path, **changes: Any) -> EntityRows:
    shards = [[[1, 900, 900], [1, 1000, 990]], [], [[2, 900, 900]]]
    return EntityRows(workspace_directory=str(tmp_path / "store"), **({"shards": shards} | changes))


def compute(task: StoredTask[ShardedDataset]) -> ShardedDataset:
    for upstream in task.upstream():
        if not upstream.complete():
            compute(upstream)
    run_task(task)
    return task.result()


def table(
    tmp_path: Path, source: Source, features: Sequence[Mapping[str, Any]], **changes: Any
) -> FeatureTable:
    rows = entities(tmp_path, **changes)
    return FeatureTable(
        entities=rows,
        parts=feature_tasks(rows, features, source),
        workspace_directory=rows.workspace_directory,
    )


def test_the_table_has_the_entities_rows_and_all_columns(tmp_path: Path, source: Source) -> None:
    task = table(tmp_path, source, [EVENTS, ATTRIBUTES])
    joined = compute(task)
    assert joined.num_shards == 3
    for shard in range(3):
        rows = task.entities.result().shard(shard)
        keys = ["entity_id", "as_of"]
        assert joined.shard(shard).select(keys).equals(rows.select(keys))
    names = joined.schema.names
    assert names[:3] == ["entity_id", "as_of", "e.recency"]
    assert names[-3:] == ["a.age", "a.plan", "a.signed_up"]


def test_shards_do_not_matter(tmp_path: Path, source: Source) -> None:
    cut = compute(table(tmp_path, source, [EVENTS]))
    whole = compute(
        table(tmp_path, source, [EVENTS], shards=[[[1, 900, 900], [1, 1000, 990], [2, 900, 900]]])
    )
    assert cut.table().equals(whole.table())


def test_an_id_is_what_the_options_mean(tmp_path: Path, source: Source) -> None:
    def task_id(**changes: Any) -> str:
        (task,) = feature_tasks(entities(tmp_path), [EVENTS | changes], source)
        return task.make_unique_id()

    assert task_id() == task_id(windows=["30d", "7d"]) == task_id(measures=["amount"])
    assert len({task_id(), task_id(windows=["7d"]), task_id(name="f"), task_id(trend=[])}) == 4


def test_an_id_covers_its_own_table_and_no_other(tmp_path: Path, source: Source) -> None:
    def ids() -> list[str]:
        found = Source.of("duckdb:data", root=tmp_path, catalog=world.catalog)
        tasks = feature_tasks(entities(tmp_path), [EVENTS, ATTRIBUTES], found)
        return [task.make_unique_id() for task in tasks]

    world = World.random(users=9, rows=300, seed=5)
    before = ids()
    changed = World.of(events=[(1, 1.0, 1.0, 1.0, "x")], attributes=[])
    World(tables=world.tables | {"events": changed.tables["events"]}).write(tmp_path / "data")
    after = ids()
    assert after[0] != before[0]
    assert after[1] == before[1]


def test_data_that_changed_after_planning_is_refused(tmp_path: Path, source: Source) -> None:
    task = table(tmp_path, source, [EVENTS])
    World.random(users=9, rows=300, seed=6).write(tmp_path / "data")
    with pytest.raises(SnapshotChangedError, match="'events'"):
        compute(task)


class Overtaken(EventWindows):
    """Whose data is replaced while it reads."""

    def _shards(self, warehouse: Warehouse) -> Iterator[pa.Table]:
        yield from super()._shards(warehouse)
        World.random(users=9, rows=300, seed=6).write(Path(self.root) / "data")


def test_nothing_is_stored_of_data_that_changed_meanwhile(tmp_path: Path, source: Source) -> None:
    rows = entities(tmp_path)
    compute(rows)
    options = {"table": "events"}
    task = Overtaken(
        entities=rows,
        name="e",
        options=options,
        workspace_directory=rows.workspace_directory,
        **source.arguments(),
    )
    with pytest.raises(SnapshotChangedError, match="'events'"):
        run_task(task)
    assert not task.complete()


def test_ids_of_another_type_are_refused(tmp_path: Path, source: Source) -> None:
    with pytest.raises(FeatureError, match="type string, and the table's are INT64"):
        compute(table(tmp_path, source, [EVENTS], ids="string"))


def test_unsorted_entity_rows_are_refused(tmp_path: Path, source: Source) -> None:
    rows = entities(tmp_path)
    with rows.writing() as folder:
        write(folder, [entity_rows([(1, 9, 9), (2, 9, 9)]).take([1, 0])])
    (task,) = feature_tasks(rows, [EVENTS], source)
    with pytest.raises(FeatureError, match=r"unique in \(entity_id, as_of\) and sorted"):
        compute(task)


def test_parts_of_other_entities_are_refused(tmp_path: Path, source: Source) -> None:
    rows = entities(tmp_path)
    fewer = entities(tmp_path, shards=[[[1, 900, 900]]])
    parts = feature_tasks(fewer, [EVENTS], source)
    task = FeatureTable(entities=rows, parts=parts, workspace_directory=rows.workspace_directory)
    with pytest.raises(FeatureError, match="has 1 shards and the entities have 3"):
        compute(task)


def test_rows_out_of_place_are_refused() -> None:
    rows = entity_rows([(1, 9, 9), (2, 9, 9)]).select(["entity_id", "as_of"])
    part = rows.append_column("f.x", pa.array([1, 2]))
    with pytest.raises(FeatureError, match="part 1 are not those of the entities"):
        join_columns(rows, [part, rows.take([1, 0]).append_column("g.x", pa.array([1, 2]))])


def test_two_columns_of_one_name_are_refused() -> None:
    rows = entity_rows([(1, 9, 9)]).select(["entity_id", "as_of"])
    part = rows.append_column("f.x", pa.array([1]))
    with pytest.raises(FeatureError, match="comes from 2 features"):
        join_columns(rows, [part, part])


def test_threads_are_declared_and_do_not_change_the_id(tmp_path: Path, source: Source) -> None:
    arguments = {"entities": entities(tmp_path), "name": "e", "options": {"table": "events"}}
    one = EventWindows(**arguments, **source.arguments())
    four = EventWindows(**arguments, **(source.arguments() | {"threads": 4}))
    assert one.make_unique_id() == four.make_unique_id()
    assert four.required_resources().cpu == 4
