"""A column that is known later by one entry of a catalogue, and at once by another."""

from typing import Any

from mushroom import Catalog, late_columns

CALLS: dict[str, Any] = {
    "kind": "events",
    "table": "crm.calls",
    "entity": "customer",
    "time": "started_at",
    "measures": {"length": {"column": "duration", "known_at": {"after": "outcome"}}},
}


def found(**entries: dict[str, Any]) -> list[tuple[str, str]]:
    catalog = Catalog.model_validate({"tables": {"calls": CALLS, **entries}})
    return [(late.name, late.reason) for late in late_columns(catalog, catalog.tables)]


def test_the_same_column_under_another_name_is_named() -> None:
    other = {**CALLS, "measures": {"minutes": {"expression": "duration / 60"}}}
    assert found(contacts=other) == [
        (
            "contacts.minutes",
            "`contacts.minutes` reads the column `duration` of crm.calls, which by `calls.length` "
            "is known only after the outcome. Say the same `known_at` of it, or leave it out.",
        )
    ]


def test_a_condition_that_keeps_rows_reads_columns_too() -> None:
    long = {**CALLS, "where": "duration > 60", "measures": {}}
    assert [name for name, _ in found(long_calls=long)] == ["long_calls.where"]


def test_attributes_of_the_same_table_are_held_against_it() -> None:
    people = {
        "kind": "attributes",
        "table": "crm.calls",
        "entity": "customer",
        "valid_from": "started_at",
        "columns": ["duration", "agent"],
    }
    assert [name for name, _ in found(people=people)] == ["people.duration"]


def test_another_table_and_the_same_known_at_contradict_nothing() -> None:
    assert found() == []
    assert found(chats={**CALLS, "table": "crm.chats", "measures": {"length": "duration"}}) == []
    assert found(again=CALLS) == []


def test_rows_that_count_from_another_time_may_know_more() -> None:
    late = {"length": {"column": "duration", "known_at": "ended_at"}}
    calls = {**CALLS, "measures": late}
    ended = {**CALLS, "time": "ended_at", "measures": {"length": "duration"}}
    assert found(calls=calls, ended=ended) == []
    at_once = {**CALLS, "measures": {"length": "duration"}}
    assert [name for name, _ in found(calls=calls, at_once=at_once)] == ["at_once.length"]


def test_rows_that_are_loaded_later_may_know_more() -> None:
    calls = {**CALLS, "measures": {"length": {"column": "duration", "known_at": "ended_at"}}}
    loaded = {**CALLS, "available_at": "ended_at", "measures": {"length": "duration"}}
    assert found(calls=calls, loaded=loaded) == []


def test_what_is_known_after_the_outcome_is_known_at_no_other_time_either() -> None:
    ended = {**CALLS, "time": "ended_at", "measures": {"length": "duration"}}
    assert [name for name, _ in found(ended=ended)] == ["ended.length"]


def test_categories_are_held_against_each_other() -> None:
    late = {"mood": {"column": "mood", "known_at": {"after": "7d"}}}
    calls = {**CALLS, "measures": {}, "categories": late}
    again = {**CALLS, "measures": {}, "categories": {"mood": "mood"}}
    assert [name for name, _ in found(calls=calls, again=again)] == ["again.mood"]


def test_only_tables_that_are_read_are_looked_at() -> None:
    other = {**CALLS, "measures": {"minutes": {"column": "duration"}}}
    catalog = Catalog.model_validate({"tables": {"calls": CALLS, "contacts": other}})
    assert late_columns(catalog, ["calls"]) == ()
