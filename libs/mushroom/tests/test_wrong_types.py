"""A number, None or a list where a name, a table, a time or a window belongs, told plainly."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from gokart_store import ParameterValueError
from mushroom import (
    CatalogError,
    Download,
    EntityError,
    EntityRows,
    FeatureError,
    LabelRows,
    MethodError,
    PhysicalTable,
    Population,
    QueryError,
    Source,
    Warehouse,
    WarehouseError,
    append_rows,
    check_columns,
    end_of_day,
    feature_tasks,
    holds_sequences,
    late_columns,
    load_catalog,
    load_method,
    open_warehouse,
    parse_duration_s,
    parse_instant,
    parse_labels,
    parse_method,
    parse_query,
    read_document,
    validate_features,
    write_table,
)
from mushroom.durations import DurationError
from mushroom.errors import DocumentError

WRONG = (3, None, [], {}, 1.5, b"x")
NUMBERS = pa.schema({"x": pa.int64()})
LABELS = {"table": "labels", "entity": "customer", "as_of": "at", "horizon": "7d"}
LABELS |= {"targets": {"bought": "bought"}}
WINDOWS = {"name": "f", "method": "event_windows", "table": "orders"}


@pytest.fixture
def warehouse(shop: Path) -> Warehouse:
    return open_warehouse("duckdb:shop", root=shop.parent)


Parse = Callable[[Any], object]


@pytest.mark.parametrize("value", WRONG, ids=repr)
@pytest.mark.parametrize(
    ("parse", "error", "words"),
    [
        (lambda v: parse_instant(v, timezone="UTC"), EntityError, "A time is a text"),
        (lambda v: parse_instant("2024-01-01", timezone=v), EntityError, "A time zone is a text"),
        (
            lambda v: end_of_day(datetime(2024, 1, 1, tzinfo=UTC), timezone=v),
            EntityError,
            "A time zone is a text",
        ),
        (parse_duration_s, DurationError, "A length of time such as 60d is a text"),
        (parse_query, QueryError, "A query is a text"),
        (load_method, MethodError, "The name of a method is a text"),
        (lambda v: parse_method(v, name="m"), MethodError, "The text of a method is a text"),
        (lambda v: parse_method("", name=v), MethodError, "The name of a method is a text"),
        (lambda v: parse_method("", name="m", place=v), MethodError, "The place of a method is a"),
        (holds_sequences, FeatureError, "The name of a feature method is a text"),
        (lambda v: PhysicalTable(name=v), QueryError, "The name of a warehouse's table is a text"),
        (lambda v: open_warehouse(v, root=Path()), WarehouseError, "The URL of a warehouse is a"),
        (
            lambda v: open_warehouse("duckdb:x", root=v),
            WarehouseError,
            "The folder that relative paths start from is a text",
        ),
        (load_catalog, CatalogError, "The path of a catalogue is a text"),
        (read_document, DocumentError, r"The path of a document is a `pathlib\.Path`"),
    ],
)
def test_what_is_no_text_is_refused(
    parse: Parse, error: type[Exception], words: str, value: Any
) -> None:
    with pytest.raises(error, match=f"^{words}.*, got "):
        parse(value)


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_what_is_no_name_of_a_table_is_refused(
    warehouse: Warehouse, source: Source, value: Any
) -> None:
    batches = [pa.record_batch({"x": [1]})]
    calls: list[Callable[[], object]] = [
        lambda: warehouse.columns(value),
        lambda: warehouse.snapshot([value]),
        lambda: check_columns(warehouse, value, {"as_of": "at"}, what="The table"),
        lambda: write_table(warehouse, value, batches, schema=NUMBERS),
        lambda: append_rows(warehouse, value, batches, schema=NUMBERS, addition="a"),
        lambda: append_rows(warehouse, "new", batches, schema=NUMBERS, addition=value),
    ]
    for call in calls:
        with pytest.raises(WarehouseError, match=r" is a (list of texts|text), got "):
            call()
    catalog = Population(**population(source)).catalog_model
    with pytest.raises(CatalogError, match="The name of a catalogue's table is a text, got "):
        catalog.table(value)


@pytest.mark.parametrize("value", [3, None, 1.5, "labels", b"x", [3]], ids=repr)
def test_what_is_no_list_of_tables_is_refused(
    warehouse: Warehouse, source: Source, value: Any
) -> None:
    """A text is none: its letters would be taken for the names of tables."""
    with pytest.raises(WarehouseError, match="What a snapshot is taken of is a list of texts, got"):
        warehouse.snapshot(value)
    catalog = Population(**population(source)).catalog_model
    with pytest.raises(CatalogError, match="`tables` is a list of texts, got "):
        late_columns(catalog, value)
    with pytest.raises(WarehouseError, match="`tables` of a source is a list of texts, got "):
        Source.of(source.warehouse, root=Path(source.root), catalog=catalog, tables=value)


@pytest.mark.parametrize("value", [3, [], {}, "x", ("x", 3), (3, datetime(2024, 1, 1).date())])
def test_what_is_no_partition_is_refused(warehouse: Warehouse, value: Any) -> None:
    with pytest.raises(WarehouseError, match="A partition is the name of a DATE column and a day"):
        write_table(warehouse, "new", [], schema=NUMBERS, partition=value)


def test_a_time_is_no_day_of_a_partition(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="A partition is the name of a DATE column and a day"):
        write_table(
            warehouse, "new", [], schema=NUMBERS, partition=("x", datetime(2024, 1, 1, tzinfo=UTC))
        )


def population(source: Source, **changes: Any) -> dict[str, Any]:
    return {"table": "orders", "as_of": "2024-02-01", **source.arguments(), **changes}


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_parameter_of_a_task_is_of_its_type(source: Source, value: Any) -> None:
    for name in ("table", "as_of", "data_until", "warehouse", "root", "moment"):
        with pytest.raises(ParameterValueError, match=rf"^Population\.{name} takes a text, got "):
            Population(**population(source, **{name: value}))
    for name in ("method", "sql"):
        with pytest.raises(ParameterValueError, match=rf"^Download\.{name} takes a text, got "):
            Download(**{name: value}, **source.arguments())


@pytest.mark.parametrize("value", [None, [], {}, "", 1.5], ids=repr)
def test_a_number_of_shards_is_a_whole_number(source: Source, value: Any) -> None:
    with pytest.raises(ParameterValueError, match=r"EntityRows\.shards takes a whole number, got"):
        EntityRows(rows={}, shards=value, **source.arguments())


@pytest.mark.parametrize("value", [3, None, [], "", 1.5, True], ids=repr)
def test_what_is_given_as_json_has_its_shape(source: Source, value: Any) -> None:
    text = "SELECT entity_id FROM orders ORDER BY entity_id"
    for name in ("tables", "parameters"):
        task = Download(sql=text, **{name: value}, **source.arguments())
        with pytest.raises(MethodError, match=f"The {name} of the method .* are a mapping by name"):
            task.make_unique_id()
    with pytest.raises(CatalogError, match="Population was given a catalogue that is none; pass"):
        Population(**population(source, catalog=value)).make_unique_id()
    if value != []:
        with pytest.raises(WarehouseError, match=r"Population was given a snapshot that is no map"):
            Population(**population(source, snapshot=value)).make_unique_id()
    with pytest.raises(EntityError, match=r"`rows`: .*; got "):
        EntityRows(rows=value, **source.arguments()).make_unique_id()
    with pytest.raises(EntityError, match=r"`labels`: .*; got "):
        LabelRows(labels=value, **source.arguments()).make_unique_id()


@pytest.mark.parametrize("name", sorted(LABELS))
@pytest.mark.parametrize("value", [3, None, [], {}], ids=repr)
def test_a_field_of_the_labels_has_its_type(name: str, value: Any) -> None:
    with pytest.raises(EntityError, match=rf"`labels\.{name}.*`: .*; got "):
        parse_labels({**LABELS, name: value})


@pytest.mark.parametrize("value", [3, None, "", b"x", {}, True], ids=repr)
def test_features_are_a_list_of_mappings(source: Source, value: Any) -> None:
    catalog = Population(**population(source)).catalog_model
    with pytest.raises(FeatureError, match=r"`features` is a list of .*, got ") as caught:
        validate_features(value, catalog)
    assert caught.value.path == ("features",)
    if value != {}:
        with pytest.raises(FeatureError, match=r"A feature is a mapping of `name`, `.*, got ") as e:
            validate_features([value], catalog)
        assert e.value.path == ("features", 0)


@pytest.mark.parametrize("name", ["name", "method", "table", "windows", "aggregates"])
@pytest.mark.parametrize("value", [3, None, [], {}, ""], ids=repr)
def test_an_option_of_a_feature_has_its_type(source: Source, name: str, value: Any) -> None:
    catalog = Population(**population(source)).catalog_model
    with pytest.raises(FeatureError) as caught:
        validate_features([{**WINDOWS, name: value}], catalog)
    assert caught.value.path[:3] in {("features", 0, name), ("features", 0)}


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_features_describe_the_rows_of_a_task_from_a_source(source: Source, value: Any) -> None:
    entities = Population(**population(source))
    with pytest.raises(FeatureError, match="`entities` is a task with entity rows, got "):
        feature_tasks(value, [WINDOWS], source)
    with pytest.raises(FeatureError, match=r"`source` is what `Source\.of` returns, got "):
        feature_tasks(entities, [WINDOWS], value)
    learned = {"name": "f", "method": "top_categories", "table": "orders"}
    if value is not None:
        with pytest.raises(ParameterValueError, match=r"\.fit_until takes a text, got "):
            feature_tasks(entities, [learned], source, fit_until=value)
