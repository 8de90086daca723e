"""The pairs of tasks behind features that learn: what is in their ids, and what they store."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from gokart_store import DatasetFormat, JsonParameter, ShardedDataset, StoredTask, run_task
from gokart_store import write_shards as write
from mushroom.features import FeatureError
from mushroom.source import Source
from mushroom.tasks.features import ApplyFeature, FeatureTable, SequencedTable, feature_tasks
from mushroom.testing import World, entity_rows

TOP = {"name": "t", "method": "top_categories", "table": "events", "values": 3}
ITEMS = {"name": "i", "method": "item_embeddings", "table": "events", "category": "item"}
LAST = {"name": "s", "method": "event_sequences", "table": "events", "length": 4}
UNTIL = "2024-02-15"


class Rows(StoredTask[ShardedDataset]):
    """Entity rows in shards."""

    format = DatasetFormat()
    shards = JsonParameter()

    def run(self) -> None:
        with self.writing() as folder:
            write(folder, (entity_rows(rows) for rows in self.shards.value))


@pytest.fixture
def source(tmp_path: Path) -> Source:
    world = World.random(users=9, rows=300, seed=5)
    folder = tmp_path / "data"
    folder.mkdir()
    world.write(folder)
    return Source.of("duckdb:data", root=tmp_path, catalog=world.catalog)


def rows(tmp_path: Path, shards: Any = None) -> Rows:
    shards = shards or [[[1, 900, 900], [1, 1000, 990]], [], [[2, 900, 900]]]
    return Rows(shards=shards, workspace_directory=str(tmp_path / "store"))


def pair(
    tmp_path: Path,
    source: Source,
    feature: Mapping[str, Any] = TOP,
    *,
    fit_until: str = UNTIL,
    among: StoredTask[Any] | None = None,
) -> ApplyFeature:
    (task,) = feature_tasks(rows(tmp_path), [feature], source, fit_until=fit_until, among=among)
    assert isinstance(task, ApplyFeature)
    return task


def compute(task: StoredTask[Any]) -> Any:
    for upstream in task.upstream():
        if not upstream.complete():
            compute(upstream)
    run_task(task)
    return task.result()


def test_a_state_is_parquet_and_shards_do_not_matter(tmp_path: Path, source: Source) -> None:
    task = pair(tmp_path, source)
    cut = compute(task).table()
    assert task.fit.result().names == ("vocabulary.parquet",)
    whole = rows(tmp_path, [[[1, 900, 900], [1, 1000, 990], [2, 900, 900]]])
    (again,) = feature_tasks(whole, [TOP], source, fit_until=UNTIL)
    assert compute(again).table().equals(cut)


def test_only_what_happened_to_those_fitted_on_is_learned(tmp_path: Path, source: Source) -> None:
    among = rows(tmp_path, [[[3, 1, 1]], [[4, 1, 1]]])
    found, everybody = pair(tmp_path, source, among=among), pair(tmp_path, source)
    compute(found)
    compute(everybody)
    events = [t.fit.result().table("vocabulary.parquet")["events"] for t in (found, everybody)]
    assert 0 < sum(events[0].to_pylist()) < sum(events[1].to_pylist())
    assert found.fit.make_unique_id() != everybody.fit.make_unique_id()
    assert found.make_unique_id() != everybody.make_unique_id()


def test_a_fit_is_shared_by_features_that_learn_the_same(tmp_path: Path, source: Source) -> None:
    def fit_id(change: Mapping[str, Any], until: str = UNTIL) -> str:
        return pair(tmp_path, source, TOP | change, fit_until=until).fit.make_unique_id()

    in_berlin, in_utc = "2024-02-15T00:00:00", "2024-02-14T23:00:00+00:00"
    assert fit_id({}) == fit_id({"name": "other", "windows": ["7d"]})
    assert fit_id({}) == fit_id({}, in_berlin) == fit_id({}, in_utc)
    assert len({fit_id({}), fit_id({"values": 4}), fit_id({}, "2024-02-16")}) == 3


def test_options_that_learning_depends_on_are_in_its_id(tmp_path: Path, source: Source) -> None:
    ids = {
        pair(tmp_path, source, ITEMS | change).fit.make_unique_id()
        for change in ({}, {"dimensions": 4}, {"rarity": False}, {"items": 7}, {"window": "7d"})
    }
    assert len(ids) == 5
    assert pair(tmp_path, source, ITEMS).fit.describe()["fingerprint"]["engine"].startswith("numpy")


def test_an_apply_has_another_id_than_that_of_another_fit(tmp_path: Path, source: Source) -> None:
    ids = {
        pair(tmp_path, source, TOP | change, fit_until=until).make_unique_id()
        for change, until in (({}, UNTIL), ({}, "2024-02-16"), ({"windows": ["7d"]}, UNTIL))
    }
    assert len(ids) == 3


def test_a_time_that_makes_no_difference_makes_no_other_fit(tmp_path: Path) -> None:
    catalog = World.of(events=[], attributes=[]).catalog.model_dump(exclude_none=True)
    attributes = catalog["tables"]["attributes"]
    del attributes["valid_from"]
    attributes["immutable"] = True
    source = Source(
        warehouse="duckdb:data", root="/", catalog=catalog, snapshot={"attributes": "as it is"}
    )
    text = {"name": "x", "method": "text_embeddings", "table": "attributes", "column": "plan"}
    first, second = (pair(tmp_path, source, text, fit_until=t) for t in (UNTIL, "2024-02-16"))
    assert first.make_unique_id() == second.make_unique_id()


def test_what_learns_needs_a_time_to_learn_until(tmp_path: Path, source: Source) -> None:
    with pytest.raises(FeatureError, match="'t' learns from data before it describes") as caught:
        feature_tasks(rows(tmp_path), [TOP], source)
    assert caught.value.path == ("features", 0, "method")


def test_sequences_are_aligned_and_no_part_of_a_table(tmp_path: Path, source: Source) -> None:
    task = pair(tmp_path, source, LAST)
    dataset = compute(task)
    assert dataset.num_shards == 3
    found = dataset.table()
    assert found["entity_id"].to_pylist() == [1, 1, 2]
    assert pa.types.is_list(found.schema.field("s.category.item").type)
    table = FeatureTable(
        entities=task.entities, parts=[task], workspace_directory=task.workspace_directory
    )
    with pytest.raises(FeatureError, match="'s' holds sequences, which are no columns of a table"):
        run_task(table)


def test_only_the_lists_of_a_sequence_stand_beside_a_table(tmp_path: Path, source: Source) -> None:
    last, top = pair(tmp_path, source, LAST), pair(tmp_path, source, TOP)
    place = {"workspace_directory": last.workspace_directory}
    table = FeatureTable(entities=last.entities, parts=[top], **place)
    found = compute(SequencedTable(table=table, sequences=[last], **place))
    plain, lists = table.result().table(), last.result().table()
    columns = found.table().column_names
    assert columns[: len(plain.column_names)] == plain.column_names
    added = columns[len(plain.column_names) :]
    assert "s.age" in added
    assert "s.length" not in added
    assert all(found.table()[name].equals(lists[name]) for name in added)
    assert found.num_shards == 3
