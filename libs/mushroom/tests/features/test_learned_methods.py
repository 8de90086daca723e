"""What learned methods find, in worlds whose answers can be checked by eye."""

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from mushroom.catalog import Catalog
from mushroom.features.factors import PRODUCTS, learn_factors
from mushroom.features.learned import Fitting, LearnedMethod, State
from mushroom.features.learned.describe import learned_rows
from mushroom.features.learned.registry import (
    EVENT_SEQUENCES,
    ITEM_EMBEDDINGS,
    TEXT_EMBEDDINGS,
    TOP_CATEGORIES,
)
from mushroom.testing import World, entity_rows
from mushroom.testing.world import START
from mushroom.warehouse import open_warehouse
from threadpoolctl import threadpool_limits

WORDS = [(1, "a"), (1, "a"), (1, "b"), (2, "b"), (2, "c"), (3, "c"), (3, "d"), (3, "d"), (3, "d")]
SHOP = World.of(
    events=[(user, hour, hour, 2.0, word) for hour, (user, word) in enumerate(WORDS)],
    attributes=[(1, 0, "Red shoes, red", 1, 0), (2, 0, "blue SHOES", 1, 0), (2, 9, "new", 1, 0)],
)
NOW = entity_rows([(1, 100, 100), (2, 100, 100), (9, 100, 100)])


def fit(
    method: LearnedMethod, options: Mapping[str, Any], *, hour: float = 100, world: World = SHOP
) -> State:
    parsed, fitting = method.parse(options), Fitting(until=START + timedelta(hours=hour))
    with tempfile.TemporaryDirectory() as folder:
        world.write(Path(folder))
        warehouse = open_warehouse(f"duckdb:{folder}", root=Path("/"))
        query = method.fit_query(parsed, catalog=world.catalog, fitting=fitting)
        return method.fit(parsed, warehouse.run(query))


def describe(
    method: LearnedMethod, options: Mapping[str, Any], state: State, *, world: World = SHOP
) -> pa.Table:
    parsed = method.parse(options)
    with tempfile.TemporaryDirectory() as folder:
        world.write(Path(folder))
        query = method.query(parsed, catalog=world.catalog, entities=NOW, state=state)
        found = open_warehouse(f"duckdb:{folder}", root=Path("/")).run(query)
    return learned_rows(method, parsed, found, name="f", entities=NOW, state=state)


def test_the_most_frequent_values_are_learned_and_ties_go_to_the_smallest() -> None:
    options = {"table": "events", "values": 3}
    assert fit(TOP_CATEGORIES, options)["vocabulary"]["value"].to_pylist() == ["d", "a", "b"]
    assert fit(TOP_CATEGORIES, options, hour=3)["vocabulary"]["value"].to_pylist() == ["a", "b"]


def test_values_are_counted_by_their_names_and_all_others_together() -> None:
    options = {"table": "events", "values": 3, "windows": ["all"]}
    found = describe(TOP_CATEGORIES, options, fit(TOP_CATEGORIES, options)).to_pydict()
    assert found["f.all.item=a.count"] == [2, 0, 0]
    assert found["f.all.item=b.share"] == [pytest.approx(1 / 3), 0.5, None]
    assert found["f.all.item=b.amount.sum"] == [2.0, 2.0, 0.0]
    assert found["f.all.item.other.count"] == [0, 1, 0]


def test_values_that_differ_in_case_or_hold_signs_keep_their_own_columns() -> None:
    words = ["x", "X", "a.b.count", 'quote"`', "it's", "", "new\nline", "\x1b[31m"]
    world = World.of(events=[(1, h, h, 1.0, w) for h, w in enumerate(words)], attributes=[])
    options = {"table": "events", "windows": ["all"], "aggregates": ["count"]}
    state = fit(TOP_CATEGORIES, options, world=world)
    found = describe(TOP_CATEGORIES, options, state, world=world)
    assert {name: found[name][0].as_py() for name in found.column_names if "=" in name} == {
        f"f.all.item={word}.count": 1 for word in [*words[:-2], r"new\nline", r"\x1b[31m"]
    }


def test_entities_lie_where_an_svd_of_their_log_counts_puts_them() -> None:
    options = {"table": "events", "category": "item", "dimensions": 3, "rarity": False}
    found = describe(ITEM_EMBEDDINGS, options, fit(ITEM_EMBEDDINGS, options))
    counts = np.array([[2, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 3]])
    left, strengths, _ = np.linalg.svd(np.log1p(counts))
    expected = np.abs((left * strengths)[:2])
    columns = [np.abs(found[f"f.d{d}"].to_numpy()) for d in range(3)]
    assert np.column_stack(columns)[:2] == pytest.approx(expected, abs=1e-3)
    assert [column[2] for column in columns] == [0.0, 0.0, 0.0]


def test_dimensions_that_the_items_do_not_span_are_zero() -> None:
    options = {"table": "events", "category": "item", "dimensions": 6}
    found = describe(ITEM_EMBEDDINGS, options, fit(ITEM_EMBEDDINGS, options))
    assert found["f.d3"].to_pylist() == found["f.d5"].to_pylist() == [0.0, 0.0, 0.0]


def test_the_largest_loading_of_a_dimension_is_positive() -> None:
    options = {"table": "events", "category": "item", "dimensions": 3, "rarity": False}
    items = fit(ITEM_EMBEDDINGS, options)["items"]
    for at in range(3):
        loadings = items[f"d{at}"].to_numpy()
        assert loadings[np.abs(loadings).argmax()] > 0


def test_vectors_do_not_depend_on_the_threads_of_whoever_fits() -> None:
    random, items = np.random.default_rng(0), 200
    weights = random.poisson(0.3, (500, items)) * 10_000
    place, other = np.triu_indices(items)
    products = pa.table(
        {
            "place": place + 1,
            "other": other + 1,
            "item": [f"item {p}" if p == o else None for p, o in zip(place, other, strict=True)],
            "entities": np.count_nonzero(weights, axis=0)[place],
            "everybody": np.full(len(place), 500),
            "product": (weights.T @ weights)[place, other],
        },
        PRODUCTS,
    )
    states = []
    for threads in (1, 2, 4):
        with threadpool_limits(limits=threads, user_api="blas"):
            states.append(learn_factors(products, dimensions=8, is_rarity_weighed=True)["items"])
    assert states[0].equals(states[1])
    assert states[0].equals(states[2])


def test_what_is_returned_counts_as_nothing() -> None:
    options = {"table": "events", "category": "item", "measure": "amount", "dimensions": 2}
    events = [(1, 1, 1, 5.0, "a"), (1, 2, 2, -5.0, "b"), (2, 3, 3, 1.0, "a")]
    world = World.of(events=events, attributes=[])
    assert fit(ITEM_EMBEDDINGS, options, world=world)["items"]["item"].to_pylist() == ["a"]


def test_texts_are_split_into_words_and_pairs_in_lower_case() -> None:
    options = {"table": "attributes", "column": "plan", "words": 2, "dimensions": 2}
    terms = fit(TEXT_EMBEDDINGS, options, hour=5)["items"]["item"].to_pylist()
    assert terms[0] == "shoes"
    assert set(terms) == {"shoes", "red", "blue", "red shoes", "shoes red", "blue shoes"}


def test_the_latest_text_that_could_be_known_counts() -> None:
    options = {"table": "attributes", "column": "plan", "dimensions": 2}
    assert set(fit(TEXT_EMBEDDINGS, options)["items"]["item"].to_pylist()) == {
        "red",
        "shoes",
        "new",
    }


def test_the_last_events_are_told_oldest_first() -> None:
    options = {"table": "events", "length": 2, "values": 2}
    state = fit(EVENT_SEQUENCES, options)
    assert state["vocabulary"]["value"].to_pylist() == ["d", "a"]
    found = describe(EVENT_SEQUENCES, options, state).drop_columns(["as_of"]).to_pylist()
    assert found[0] == {
        "entity_id": 1,
        "fact:known": True,
        "fact:not_finite": 0,
        "f.length": 2,
        "f.age": [99 / 24, 98 / 24],
        "f.gap": [None, 1 / 24],
        "f.category.item": [3, 1],
        "f.measure.amount": [2.0, 2.0],
    }
    assert found[2]["f.length"] == 0
    assert found[2]["f.age"] == found[2]["f.category.item"] == []


class TwoCategories(World):
    """Whose events have the user for a category too."""

    @property
    def catalog(self) -> Catalog:
        fields = super().catalog.model_dump()
        fields["tables"]["events"]["categories"]["who"] = {"column": "user"}
        return Catalog.model_validate(fields)


def test_each_category_has_codes_of_its_own() -> None:
    world = TwoCategories(tables=SHOP.tables)
    options = {"table": "events", "measures": []}
    state = fit(EVENT_SEQUENCES, options, world=world)
    found = describe(EVENT_SEQUENCES, options, state, world=world)
    assert found["f.category.item"].to_pylist()[:2] == [[3, 3, 4], [4, 5]]
    assert found["f.category.who"].to_pylist()[:2] == [[3, 3, 3], [4, 4]]


def test_sequences_without_categories_tell_times_and_measures() -> None:
    options = {"table": "events", "categories": []}
    found = describe(EVENT_SEQUENCES, options, fit(EVENT_SEQUENCES, options))
    assert found.column_names[-4:] == ["f.length", "f.age", "f.gap", "f.measure.amount"]
    assert found["f.length"].to_pylist() == [3, 2, 0]
