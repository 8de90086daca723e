"""Features of columns that are known later than their rows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from mushroom import choose_features
from mushroom.catalog import Catalog
from mushroom.features import FEATURE_METHODS, FeatureError, validate_features
from mushroom.features.learned.registry import LEARNED_METHODS
from mushroom.features.related.attributes import as_events
from mushroom.features.related.options import RelatedOptions
from mushroom.testing import FeatureMethodContract, LearnedMethodContract, World, entity_rows
from mushroom.testing.feature_contract import LAW
from mushroom.testing.strategies import described_worlds

LATE = {
    "event_windows": {"table": "events", "windows": ["7d", "all", "last3"], "measures": ["amount"]},
    "top_categories": {"table": "events", "measures": ["amount"], "values": 2},
    "event_sequences": {"table": "events", "measures": ["amount"], "length": 3},
    "item_embeddings": {"table": "events", "category": "item", "measure": "amount"},
    "related": {"table": "events", "reference": "item", "measures": ["amount"]},
    "entity_attributes": {"table": "attributes", "columns": ["age"]},
    "text_embeddings": {"table": "attributes", "column": "plan", "dimensions": 2},
}
OUTCOME = {"after": "outcome"}


class LateWorld(World):
    """Events that are seen at once, and whose amount is known when they are loaded.

    Of attributes, the age and the plan are known when somebody signed up.
    """

    @property
    def catalog(self) -> Catalog:
        content = super().catalog.model_dump(mode="json", exclude_defaults=True)
        for name in ("events", "events_of_items"):
            content["tables"][name].pop("available_at")
            content["tables"][name]["measures"]["amount"]["known_at"] = "loaded_at"
        for name in ("age", "plan"):
            content["tables"]["attributes"]["columns"][name]["known_at"] = "signed_up"
        return Catalog.model_validate(content)

    def without_late_values(self, until: datetime) -> World:
        """The world where what was not known yet at a time is something else."""
        events, people = self.tables["events"], self.tables["attributes"]
        is_late = pc.greater(events["loaded_at"], until)
        amounts = pc.if_else(is_late, pa.scalar(-7.0), events["amount"])
        is_unknown = pc.fill_null(pc.greater(people["signed_up"], until), fill_value=True)
        ages = pc.if_else(is_unknown, pa.scalar(99), people["age"])
        plans = pc.if_else(is_unknown, pa.scalar("elsewhere"), people["plan"])
        events = events.set_column(events.column_names.index("amount"), "amount", amounts)
        people = people.set_column(people.column_names.index("age"), "age", ages)
        people = people.set_column(people.column_names.index("plan"), "plan", plans)
        return replace(self, tables={"events": events, "attributes": people})


def suite_of(name: str) -> FeatureMethodContract:
    method = FEATURE_METHODS[name]
    base = LearnedMethodContract if method in LEARNED_METHODS else FeatureMethodContract
    return type("Suite", (base,), {"method": method, "options": ({},), "__test__": False})()


@pytest.mark.parametrize("name", sorted(LATE))
@LAW
@given(described=described_worlds())
def test_what_is_not_known_at_data_until_changes_no_feature(
    name: str, described: tuple[World, pa.Table]
) -> None:
    suite, options = suite_of(name), LATE[name]
    world, entities = LateWorld(tables=described[0].tables), described[1]
    found = suite.describe(world, entities, options)
    for position, until in enumerate(entities["data_until"].to_pylist()):
        changed = world.without_late_values(until)
        alone = suite.describe(changed, entities.slice(position, 1), options)
        assert alone.to_pylist() == found.slice(position, 1).to_pylist()


def test_every_method_is_tried_with_a_late_column() -> None:
    assert set(LATE) == set(FEATURE_METHODS)


def test_an_event_counts_once_its_amount_is_known() -> None:
    events = [(1, 10, 10, 5.0, "a"), (1, 20, 60, 7.0, "a")]
    world = LateWorld.of(events=events, attributes=[])
    entities = entity_rows([(1, 30, 30), (1, 60, 60)])
    options = {"table": "events", "windows": ["all"], "aggregates": ["count", "sum"]}
    suite = suite_of("event_windows")
    late = suite.describe(world, entities, {**options, "measures": ["amount"]})
    assert late["f.all.count"].to_pylist() == [1, 2]
    assert late["f.all.amount.sum"].to_pylist() == [5.0, 12.0]
    prompt = suite.describe(world, entities, options)
    assert prompt["f.all.count"].to_pylist() == [2, 2]
    assert "f.all.amount.sum" not in prompt.column_names


def outcome(section: str, table: str, *names: str) -> Catalog:
    content = World.of(events=[], attributes=[]).catalog.model_dump(mode="json")
    for name in names:
        content["tables"][table][section][name]["known_at"] = OUTCOME
    return Catalog.model_validate(content)


@pytest.mark.parametrize(
    ("entry", "section", "late", "path"),
    [
        ({"method": "event_windows", "measures": ["amount"]}, "measures", "amount", "measures"),
        ({"method": "event_windows", "categories": ["item"]}, "categories", "item", "categories"),
        ({"method": "top_categories", "categories": ["item"]}, "categories", "item", "categories"),
        ({"method": "event_sequences", "measures": ["amount"]}, "measures", "amount", "measures"),
        ({"method": "item_embeddings", "category": "item"}, "categories", "item", "category"),
    ],
)
def test_what_is_known_after_the_outcome_is_refused(
    entry: Mapping[str, Any], section: str, late: str, path: str
) -> None:
    with pytest.raises(
        FeatureError, match=f"{late}' of `events` is known only after the outcome"
    ) as e:
        validate_features(
            [{"name": "f", "table": "events", **entry}], outcome(section, "events", late)
        )
    assert e.value.path[:3] == ("features", 0, path)


@pytest.mark.parametrize(
    "entry",
    [
        {"method": "entity_attributes", "table": "attributes", "columns": ["plan"]},
        {"method": "text_embeddings", "table": "attributes", "column": "plan"},
        {"method": "related", "table": "events", "reference": "owner", "categories": ["plan"]},
    ],
)
def test_attributes_known_after_the_outcome_are_refused(entry: Mapping[str, Any]) -> None:
    catalog = outcome("columns", "attributes", "plan")
    with pytest.raises(
        FeatureError, match="'plan' of `attributes` is known only after the outcome"
    ):
        validate_features([{"name": "f", **entry}], catalog)


def test_by_default_what_is_known_later_is_left_out() -> None:
    catalog = outcome("measures", "events", "amount")
    features = choose_features(
        catalog,
        entity=catalog.table("events").entity,
        horizon_s=86_400,
        spans={"events": 10**7, "events_of_items": 10**7},
    )
    assert features
    assert not any("amount" in (entry.get("measures") or ()) for entry in features)
    validate_features(features, catalog)


def test_by_default_a_reference_takes_nothing_that_is_known_later() -> None:
    options = RelatedOptions.model_validate({"table": "events", "reference": "owner"})
    for late, left in (("age", ([], ["plan"])), ("plan", (["age"], []))):
        people = outcome("columns", "attributes", late).attributes("attributes")
        found = as_events(people, options)
        assert (list(found.measures), list(found.categories)) == left


def test_a_table_of_nothing_but_late_columns_has_to_be_asked() -> None:
    catalog = outcome("columns", "attributes", "plan", "age", "signed_up")
    entry = {"name": "f", "method": "entity_attributes", "table": "attributes"}
    with pytest.raises(FeatureError, match="Every column of `attributes` is known later"):
        validate_features([entry], catalog)
    chosen = choose_features(
        catalog,
        entity=catalog.table("attributes").entity,
        horizon_s=86_400,
        spans={"events": 0, "events_of_items": 0},
    )
    assert "attributes" not in {entry["table"] for entry in chosen}
