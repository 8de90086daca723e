"""The contract catches methods that break its laws."""

from inspect import signature

import pyarrow as pa
import pytest
from mushroom.catalog import Catalog
from mushroom.features import FeatureError, FeatureMethod
from mushroom.googlesql import parse_query
from mushroom.query import LocalRows, PhysicalTable, Query
from mushroom.testing import FeatureMethodContract, World, entity_rows
from pydantic import BaseModel, ConfigDict

HEAD = """SELECT entity_id, as_of,
    COUNT(events.user) > 0 AS `fact:known`, 0 AS `fact:not_finite`,"""
JOINED = """
    FROM entities LEFT JOIN events
    ON events.user = entities.entity_id AND events.loaded_at <= entities.data_until
    GROUP BY entity_id, as_of
"""


class Options(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


WORLD = World.of(
    events=[(1, 5.0, 5.0, 1.0, "a"), (1, 9.0, 20.0, 2.0, "b"), (2, 1.0, 1.0, 3.0, "a")],
    attributes=[],
)
ROWS = entity_rows([(1, 22, 6), (1, 30, 21), (2, 30, 30)])


def _accept(options: Options, catalog: Catalog) -> None:
    """The method reads one table, which every world has."""


def try_law(suite: FeatureMethodContract, name: str) -> None:
    """One example of a law; Hypothesis would spend minutes on shrinking a failure."""
    law = getattr(type(suite), name).hypothesis.inner_test
    examples = [(WORLD, ROWS)] * (len(signature(law).parameters) - 1)
    law(suite, *examples)


def suite_of(sql: str) -> FeatureMethodContract:
    def build(options: Options, *, catalog: Catalog, entities: pa.Table) -> Query:
        relations = {"entities": LocalRows(rows=entities), "events": PhysicalTable(name="events")}
        return Query(tree=parse_query(sql), relations=relations)

    class Suite(FeatureMethodContract):
        __test__ = False
        method = FeatureMethod(
            name="counts",
            summary="Counts events.",
            cost="one pass over the events.",
            options=Options,
            check=_accept,
            build=build,
        )
        options = ({},)

    return Suite()


def test_a_method_that_keeps_the_laws_passes() -> None:
    suite = suite_of(f"{HEAD} COUNT(amount) AS n {JOINED} ORDER BY 1, 2")
    try_law(suite, "test_no_row_after_data_until_changes_a_feature")
    try_law(suite, "test_rows_are_described_alone")


def test_a_look_into_the_future_is_caught() -> None:
    leaking = JOINED.replace("data_until", "as_of")
    suite = suite_of(f"{HEAD} COUNT(amount) AS n {leaking} ORDER BY 1, 2")
    with pytest.raises(AssertionError):
        try_law(suite, "test_no_row_after_data_until_changes_a_feature")


def test_a_look_at_other_entities_is_caught() -> None:
    suite = suite_of(f"{HEAD} SUM(COUNT(amount)) OVER () AS n {JOINED} ORDER BY 1, 2")
    with pytest.raises(AssertionError):
        try_law(suite, "test_rows_are_described_alone")


def test_rows_out_of_order_are_caught() -> None:
    suite = suite_of(f"{HEAD} COUNT(amount) AS n {JOINED} ORDER BY 1 DESC, 2")
    with pytest.raises(FeatureError, match="are not those of"):
        suite.test_each_entity_row_has_one_row_in_place("int64")


def test_lost_rows_are_caught() -> None:
    inner = JOINED.replace("LEFT JOIN", "JOIN")
    suite = suite_of(f"{HEAD} COUNT(amount) AS n {inner} ORDER BY 1, 2")
    with pytest.raises(FeatureError, match="are not those of"):
        suite.test_each_entity_row_has_one_row_in_place("int64")


def test_a_method_without_facts_is_caught() -> None:
    suite = suite_of(f"SELECT entity_id, as_of, COUNT(amount) AS n {JOINED} ORDER BY 1, 2")
    with pytest.raises(FeatureError, match="feature 'f' lacks the column 'fact:known'"):
        suite.test_each_entity_row_has_one_row_in_place("int64")


def test_a_method_that_takes_everybody_for_known_is_caught() -> None:
    everybody = HEAD.replace("COUNT(events.user) > 0", "TRUE")
    suite = suite_of(f"{everybody} COUNT(amount) AS n {JOINED} ORDER BY 1, 2")
    with pytest.raises(AssertionError):
        suite.test_facts_say_whom_the_table_knows()
