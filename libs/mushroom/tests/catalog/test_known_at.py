"""When a column is known, as the catalogue says it, and from when its rows count."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import Catalog, CatalogError, Query, check_catalog, load_catalog, open_warehouse
from mushroom.catalog import KnownAt, attribute_rows, event_rows, known_with_row

TYPES = {"id": "STRING", "at": "TIMESTAMP", "seen": "TIMESTAMP", "rated_at": "TIMESTAMP"}
CALLS = {
    "kind": "events",
    "table": "calls",
    "entity": "id",
    "time": "at",
    "types": TYPES,
    "measures": {
        "cost": "cost",
        "rating": {"column": "rating", "known_at": "rated_at"},
        "bill": {"column": "bill", "known_at": {"after": "7d"}},
        "length": {"column": "length", "known_at": {"after": "outcome"}},
    },
}
DAY = timedelta(days=1)
START = datetime(2024, 1, 1, tzinfo=UTC)


def catalog(**changes: Any) -> Catalog:
    return Catalog.model_validate({"tables": {"calls": {**CALLS, **changes}}})


def event_time(*measures: str, **changes: Any) -> str:
    sql = event_rows(catalog(**changes), "calls", measures=measures).sql(dialect="bigquery")
    return sql.partition(" AS `event_time`")[0].partition("AS `entity_id`, ")[2]


def test_what_is_known_with_its_row_is_taken_by_default() -> None:
    assert known_with_row(catalog().events("calls").measures) == ("cost",)


@pytest.mark.parametrize(
    ("measures", "changes", "time"),
    [
        (["cost"], {}, "`at`"),
        (["rating"], {}, "GREATEST(`at`, `rated_at`)"),
        (["bill"], {}, "GREATEST(`at`, TIMESTAMP_ADD(`at`, INTERVAL '604800' SECOND))"),
        (["rating"], {"available_at": "seen"}, "GREATEST(`seen`, `rated_at`)"),
        # A delay counts from when it happened, not from when it was loaded.
        (
            ["bill"],
            {"available_at": "seen"},
            "GREATEST(`seen`, TIMESTAMP_ADD(`at`, INTERVAL '604800' SECOND))",
        ),
        # Whoever asks for it nevertheless, such as a label, gets the row at its time.
        (["length"], {}, "`at`"),
    ],
)
def test_a_row_counts_from_when_all_that_is_wanted_of_it_is_known(
    measures: list[str], changes: dict[str, Any], time: str
) -> None:
    assert event_time(*measures, **changes) == time


def test_a_row_counts_from_the_latest_of_several_times() -> None:
    delayed = "TIMESTAMP_ADD(`at`, INTERVAL '604800' SECOND)"
    assert event_time("rating", "bill") == f"GREATEST(`at`, `rated_at`, {delayed})"


def test_a_category_may_come_later_than_its_row() -> None:
    late = catalog(categories={"mood": {"column": "mood", "known_at": "rated_at"}})
    sql = event_rows(late, "calls", categories=["mood"]).sql(dialect="bigquery")
    assert "GREATEST(`at`, `rated_at`) AS `event_time`" in sql
    assert "NOT `rated_at` IS NULL" in sql


def test_a_delay_needs_the_time_that_it_counts_from() -> None:
    sql = event_rows(catalog(available_at="seen"), "calls", measures=["bill"]).sql("bigquery")
    assert "NOT `seen` IS NULL AND NOT `at` IS NULL" in sql


def test_a_row_whose_time_is_missing_is_not_known_yet(tmp_path: Path) -> None:
    rows = {
        "id": ["a", "a", "b"],
        "at": pa.array([START] * 3, pa.timestamp("us", "UTC")),
        "rating": [1, 2, 3],
        "rated_at": pa.array([START + DAY, None, START - DAY], pa.timestamp("us", "UTC")),
    }
    pq.write_table(pa.table(rows), tmp_path / "calls.parquet")
    warehouse = open_warehouse(f"duckdb:{tmp_path}", root=tmp_path)
    found = catalog(types={}, measures={"rating": CALLS["measures"]["rating"]})
    checked = check_catalog(found, warehouse)
    tree = event_rows(checked, "calls", measures=["rating"]).order_by("1", "2")
    query = Query(tree=tree, relations={"calls": checked.relation("calls")})
    answer = warehouse.run(query).to_pylist()
    assert [(row["entity_id"], row["event_time"], int(row["rating"])) for row in answer] == [
        ("a", START + DAY, 1),
        ("b", START, 3),
    ]


def test_a_version_counts_from_when_what_is_wanted_of_it_is_known() -> None:
    table = {
        "kind": "attributes",
        "table": "people",
        "entity": "id",
        "valid_from": "at",
        "types": TYPES,
        "columns": {"plan": "plan", "score": {"column": "score", "known_at": "rated_at"}},
    }
    people = Catalog.model_validate({"tables": {"people": table}})
    plan = attribute_rows(people, "people", columns=["plan"]).sql(dialect="bigquery")
    score = attribute_rows(people, "people", columns=["score"]).sql(dialect="bigquery")
    assert "`at` AS `valid_from`" in plan
    assert "GREATEST(`at`, `rated_at`) AS `valid_from`" in score
    assert "NOT `rated_at` IS NULL" in score


@pytest.mark.parametrize(
    ("known_at", "words"),
    [
        (KnownAt(column="rated_at"), "at `rated_at`"),
        (KnownAt(after="7d"), "7d after its row"),
        (KnownAt(after="outcome"), "only after the outcome"),
    ],
)
def test_it_is_said_in_words(known_at: KnownAt, words: str) -> None:
    assert str(known_at) == words


CATALOG = """\
tables:
  people:
    kind: {kind}
    table: people
    entity: id
    {more}
    columns:
      score: {{column: score, known_at: {known_at}}}
"""


def refusal(tmp_path: Path, known_at: str, more: str = "valid_from: at") -> str:
    path = tmp_path / "catalog.yaml"
    path.write_text(CATALOG.format(kind="attributes", more=more, known_at=known_at))
    with pytest.raises(CatalogError) as caught:
        load_catalog(path)
    return str(caught.value).partition("catalog.yaml:")[2]


@pytest.mark.parametrize(
    ("known_at", "message"),
    [
        ("{after: soon}", "'soon' is not a length of time"),
        ("{column: a, after: 7d}", "give either `column` or `after`"),
        ("{}", "give either `column` or `after`"),
        ("{later: 7d}", "this field is unknown; did you mean 'after'?"),
        ("7", "`tables.people.columns.score.known_at`"),
    ],
)
def test_nonsense_is_refused_with_its_line(tmp_path: Path, known_at: str, message: str) -> None:
    said = refusal(tmp_path, known_at)
    assert said.startswith("8: ")
    assert message in said


def test_what_never_changes_has_no_time_to_be_later_than(tmp_path: Path) -> None:
    said = refusal(tmp_path, "{after: 7d}", more="immutable: true")
    assert (
        "`known_at` of 'score' is later than a row's `valid_from`, which this table lacks" in said
    )
    path = tmp_path / "catalog.yaml"
    path.write_text(
        CATALOG.format(kind="attributes", more="immutable: true", known_at="{after: outcome}")
    )
    assert load_catalog(path).attributes("people").columns["score"].known_at is not None


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("rated", "'calls' has no column 'rated'; did you mean 'rated_at'?"),
        ("rating", "the column 'rating' must be of the type TIMESTAMP or DATETIME or DATE"),
    ],
)
def test_its_column_must_hold_a_time(tmp_path: Path, column: str, message: str) -> None:
    times = pa.array([START], pa.timestamp("us", "UTC"))
    rows = {"id": ["a"], "at": times, "rating": [1], "rated_at": times}
    pq.write_table(pa.table(rows), tmp_path / "calls.parquet")
    measures = {"rating": {"column": "rating", "known_at": column}}
    with pytest.raises(CatalogError) as caught:
        check_catalog(
            catalog(types={}, measures=measures),
            open_warehouse(f"duckdb:{tmp_path}", root=tmp_path),
        )
    assert message in str(caught.value)
    assert "tables.calls.measures.rating.known_at" in str(caught.value)


def test_a_catalogue_reads_itself_back() -> None:
    assert Catalog.model_validate(catalog().as_json()) == catalog()
