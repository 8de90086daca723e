from pathlib import Path

from mushroom import event_spans, open_warehouse
from mushroom.testing import World


def test_from_the_first_event_to_the_last(tmp_path: Path) -> None:
    rows = [(1, 5.0, 5.0, None, "a"), (None, 9.0, 9.0, None, "a"), (2, 6.0, 7.5, None, None)]
    world = World.of(events=rows, attributes=[])
    world.write(tmp_path)
    warehouse = open_warehouse(f"duckdb:{tmp_path}", root=tmp_path)
    # Nobody's event does not count for people, and one of no item does not for items.
    assert event_spans(world.catalog, warehouse) == {"events": 9000, "events_of_items": 14_400}


def test_a_table_without_events_reaches_nowhere(tmp_path: Path) -> None:
    world = World.of(events=[], attributes=[])
    world.write(tmp_path)
    warehouse = open_warehouse(f"duckdb:{tmp_path}", root=tmp_path)
    assert event_spans(world.catalog, warehouse) == {"events": 0, "events_of_items": 0}
