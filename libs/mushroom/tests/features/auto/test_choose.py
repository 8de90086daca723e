"""`auto` chooses by the catalogue alone, within its bounds."""

from __future__ import annotations

from typing import Any

import pytest
from mushroom import Catalog, choose_features
from mushroom.features import parse_features, validate_features
from mushroom.features.auto import MAX_COLUMNS
from mushroom.features.event_windows.columns import feature_columns
from mushroom.testing import World

DAY_S = 86_400
WORLD = World.of(events=[], attributes=[]).catalog


_ATTRIBUTES = {"kind": "attributes", "table": "t", "immutable": True}


def choose(catalog: Catalog, *, population: str | None = "events", **options: Any) -> Any:
    spans = dict.fromkeys(catalog.tables, 400 * DAY_S)
    given = {"horizon_s": 30 * DAY_S, "spans": spans, **options}
    entity = None if population is None else catalog.table(population).entity
    return choose_features(catalog, entity=entity, **given)


def events(measures: int = 0, **more: Any) -> dict[str, Any]:
    columns = {f"m{at:03}": f"m{at}" for at in range(measures)}
    types = {"who": "INT64", "at": "TIMESTAMP", **dict.fromkeys(columns.values(), "INT64")}
    entry = {"kind": "events", "table": "t", "entity": "who", "time": "at", "types": types}
    return {**entry, "measures": columns, **more}


def test_a_catalogue_with_everything() -> None:
    found = choose(WORLD)
    assert [(entry["name"], entry["method"]) for entry in found] == [
        ("attributes", "entity_attributes"),
        ("events", "event_windows"),
        ("events_item", "related"),
        ("events_owner", "related"),
    ]
    assert found[1]["windows"] == ["15d", "30d", "90d", "all", "last3", "last10"]
    assert {"hours", "weekdays", "streaks", "gaps"} < set(found[1]["aggregates"])
    validate_features(found, WORLD)
    assert choose(WORLD) == found


def test_a_table_that_is_referred_to_is_about_others() -> None:
    names = {entry["name"] for entry in choose(WORLD)}
    assert "events_of_items" not in names
    assert "attributes" in names  # its entity is called as the population's
    names = {entry["name"] for entry in choose(WORLD, population="events_of_items")}
    assert "events_of_items" in names
    assert {entry["name"] for entry in choose(WORLD, population=None)} == {
        *("events", "events_item", "events_owner")
    }


def test_a_table_whose_ids_describe_others_is_about_others() -> None:
    tables = {
        "events": events(),
        "places": {**_ATTRIBUTES, "entity": "place", "columns": ["lat"]},
        "shops": {**_ATTRIBUTES, "entity": "shop", "columns": ["size", "place"]},
        "users": {**_ATTRIBUTES, "entity": "id", "columns": ["age"]},
    }
    catalog = Catalog.model_validate({"tables": tables})
    assert [entry["name"] for entry in choose(catalog)] == ["events", "shops", "users"]
    assert "places" in {entry["name"] for entry in choose(catalog, population="places")}


def test_dates_have_no_hours() -> None:
    types = {"who": "INT64", "at": "DATE"}
    catalog = Catalog.model_validate({"tables": {"events": events(types=types)}})
    (found,) = choose(catalog)
    assert "hours" not in found["aggregates"]
    assert "weekdays" in found["aggregates"]
    validate_features([found], catalog)


def test_attributes_without_a_past_are_left_out() -> None:
    table = {"kind": "attributes", "table": "t", "entity": "who", "columns": ["x"]}
    tables = {"a": table, "b": {**table, "immutable": True}}
    catalog = Catalog.model_validate({"tables": tables})
    assert choose(catalog, population="a") == [
        {"name": "b", "method": "entity_attributes", "table": "b"}
    ]
    links = events(references={"x": {"column": "who", "table": "a"}})
    catalog = Catalog.model_validate({"tables": {"a": table, "events": links}})
    assert [entry["name"] for entry in choose(catalog)] == ["events"]


@pytest.mark.parametrize("measures", [0, 1, 5, 20, 60, 400])
def test_the_columns_are_bounded(measures: int) -> None:
    catalog = Catalog.model_validate({"tables": {"events": events(measures)}})
    (found,) = choose(catalog)
    (feature,) = parse_features([found])
    table = catalog.events("events")
    options: Any = feature.options
    names = {"measures": options.measures_of(table), "categories": options.categories_of(table)}
    width = len(list(feature_columns(options, **names)))
    assert MAX_COLUMNS / 10 < width <= MAX_COLUMNS
    assert bool(names["measures"]) == bool(measures)


def test_names_that_would_clash_are_told_apart() -> None:
    links = events(references={"b": {"column": "who", "table": "a_b"}})
    tables = {"a": links, "a_b": events()}
    found = choose(Catalog.model_validate({"tables": tables}), population="a")
    assert [entry["name"] for entry in found] == ["a", "a_b", "a_b_"]


def test_a_model_that_reads_sequences_gets_the_last_events() -> None:
    features = choose(WORLD)
    added = choose(WORLD, sequences=True)[len(features) :]
    assert added == [{"name": "events_in_order", "method": "event_sequences", "table": "events"}]
    assert choose(WORLD, sequences=True)[: len(features)] == features
    validate_features(choose(WORLD, sequences=True), WORLD)


def test_a_sequence_tells_a_few_columns_of_each_event() -> None:
    late = {"column": "m000", "known_at": {"after": "outcome"}}
    many = events(20)
    many["measures"]["late"] = late
    catalog = Catalog.model_validate({"tables": {"events": many}})
    found = choose(catalog, sequences=True)[-1]
    assert found["measures"] == [f"m{at:03}" for at in range(8)]
    assert "categories" not in found
    validate_features([found], catalog)
