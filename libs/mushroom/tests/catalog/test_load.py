import textwrap
from pathlib import Path

import pytest
from mushroom import Catalog, CatalogError, load_catalog


def write(folder: Path, text: str) -> Path:
    path = folder / "catalog.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def test_a_catalogue_remembers_its_file(catalog: Catalog, shop: Path) -> None:
    assert catalog.file == shop.parent / "catalog.yaml"
    assert catalog.timezone == "Europe/Berlin"
    assert Catalog.model_validate(catalog.as_json()).as_json() == catalog.as_json()


def test_each_fault_has_its_line(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """\
        timezone: Europe/Londn
        tabels: {}
        tables:
          orders:
            kind: events
            table: shop.orders
            entity: customer
            tim: ordered_at
            where: price > RAND()
            measures:
              revenue: {expression: price *, scale: 20}
              pieces: {colum: pieces}
              neither: {scale: 0}
          b: {kind: event}
          c: {table: x}
          d: {kind: attributes, table: x, entity: y, columns: [z], immutable: true, valid_from: x}
          e: {kind: events, table: x, entity: y, time: z, measures: {m: m}, categories: {m: m}}
        """,
    )
    with pytest.raises(CatalogError) as caught:
        load_catalog(path)
    assert str(caught.value).replace(f"{path}:", "").splitlines() == [
        "1: `timezone`: unknown time zone 'Europe/Londn'; did you mean 'Europe/London'?",
        "2: `tabels`: this field is unknown; did you mean 'tables'?",
        "4: `tables.orders.time`: this field is required.",
        "8: `tables.orders.tim`: this field is unknown; did you mean 'time'?",
        "9: `tables.orders.where`: RAND() gives another answer each time; pass the value as a "
        "parameter instead.",
        "11: `tables.orders.measures.revenue.expression`: 'price *' is not valid GoogleSQL: "
        "Required keyword: 'expression' missing near '*'.",
        "11: `tables.orders.measures.revenue.scale`: Input should be less than or equal to 9; "
        "got 20.",
        "12: `tables.orders.measures.pieces.colum`: this field is unknown; did you mean 'column'?",
        "13: `tables.orders.measures.neither`: give either `column` or `expression`.",
        "14: `tables.b`: unknown kind 'event'; did you mean 'events'?",
        "15: `tables.c`: the field `kind` is required: events or attributes.",
        "16: `tables.d`: `immutable: true` and `valid_from` exclude each other.",
        "17: `tables.e`: the name 'm' is taken; measures and categories share their names, and "
        "entity_id and event_time are reserved.",
    ]
    assert caught.value.faults[0].path == ("timezone",)


def test_a_name_in_other_letters_is_told_where_it_may_stand(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """        tables:
          予約:
            kind: events
            table: 予約
            entity: 会員
            time: 日時
            measures:
              金額: 金額
        """,
    )
    with pytest.raises(CatalogError) as caught:
        load_catalog(path)
    rule = (
        "a name of the catalogue has letters of English, digits and _, and begins with no digit; "
        "say what the warehouse calls it by `table` or `column`."
    )
    assert str(caught.value).replace(f"{path}:", "").splitlines() == [
        f"2: `tables.予約`: {rule}",
        f"8: `tables.予約.measures.金額`: {rule}",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "catalog.yaml:1: `tables`: this field is required"),
        ("[]", r"catalog.yaml:1: a mapping of fields is expected, got \[\]"),
        ("just text", "catalog.yaml:1: a mapping of fields is expected, got 'just text'"),
        ("a: [", "catalog.yaml:1: this is not valid YAML: "),
        ("tables: {}\ntables: {}", "catalog.yaml:2: this line gives `tables` a second time"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CatalogError, match=message):
        load_catalog(write(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"There is no file .*catalog.yaml; check the path"):
        load_catalog(tmp_path / "catalog.yaml")
