import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from mushroom.sharding import split_shards


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30).map(sorted), st.integers(1, 7))
def test_shards_are_cut_whatever_the_batches(shards: list[int], batch_rows: int) -> None:
    table = pa.table(
        {"entity_id": pa.array(range(len(shards)), pa.int64()), "shard": pa.array(shards)}
    )
    found = list(split_shards(table.to_batches(max_chunksize=batch_rows), 6))
    assert [rows["entity_id"].to_pylist() for rows in found] == [
        [entity for entity, shard in enumerate(shards) if shard == wanted] for wanted in range(6)
    ]
    assert {rows.schema for rows in found} == {pa.schema({"entity_id": pa.int64()})}


def test_no_rows_make_no_shards() -> None:
    assert not list(split_shards([], 3))
