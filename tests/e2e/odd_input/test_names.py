"""Names, ids and categories with spaces, quotes, JSON's characters, Japanese and emoji."""

import html
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from shop import CUSTOMERS
from variants import QUICK_MODELS, change, features, predictions, quick_shop, run, table, write

TABLES = {"visits": "訪問 \"x\" {1} 'y'", "orders": "orders 🎁 [a*?]", "labels": "labels `x` \\ é"}
PAGES = {"home": '"home" {page}\\', "sale": "セール 🎄", "help": "it's, help\n[x]: <b>"}
ENTITY, TIME, AMOUNT = 'the "customer" お客様', "at `時刻` {x}", 'amount "¥"; --'
PAGE, AS_OF, ORDERED = "page {x}, \\y 🧭", "as of 'now'", 'ordered? "注文"'
COLOURS = ('赤 "red"', "青 {blue}\\", None, "🟢")


def name_of(customer: int) -> str:
    return f'客 "{customer}" {{\\}} \'🎅`'


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = quick_shop(tmp_path_factory.mktemp("odd 名前") / 'it\'s {a} "shop" 🎄')
    names = {"customer": ENTITY, "at": TIME, "amount": AMOUNT, "page": PAGE}
    names |= {"as_of": AS_OF, "ordered": ORDERED}
    for old, new in TABLES.items():
        rows = table(case, old)
        columns = {names[name]: rows[name] for name in rows.column_names}
        columns[ENTITY] = pa.array(map(name_of, rows["customer"].to_pylist()))
        if old == "visits":
            columns[PAGE] = pa.array(PAGES[page] for page in rows["page"].to_pylist())
        write(case, new, pa.table(columns))
        (case.parent / "data" / f"{old}.parquet").unlink()
    colours = [COLOURS[i % 4] for i in range(CUSTOMERS)]
    everybody = [name_of(i) for i in range(CUSTOMERS)]
    write(case, "people #%&", pa.table({ENTITY: everybody, "色 {colour}": colours}))
    change(case.with_name("catalog.yaml"), with_odd_catalog)
    change(case, with_odd_columns)
    return case


def with_odd_catalog(fields: dict[str, Any]) -> None:
    for name in ("visits", "orders"):
        fields["tables"][name] |= {"table": TABLES[name], "entity": ENTITY, "time": TIME}
    fields["tables"]["visits"]["categories"] = {"page": PAGE}
    fields["tables"]["orders"]["measures"] = {"amount": {"column": AMOUNT}}
    people = {"kind": "attributes", "table": "people #%&", "entity": ENTITY, "immutable": True}
    fields["tables"]["people"] = people | {"columns": {"colour": "色 {colour}"}}


def with_odd_columns(fields: dict[str, Any]) -> None:
    labels = {"table": TABLES["labels"], "entity": ENTITY, "as_of": AS_OF}
    fields["labels"] |= {**labels, "targets": {"ordered": {"column": ORDERED}}}
    fields["features"].append({"name": "people", "method": "entity_attributes", "table": "people"})
    network = {"name": "network", "kind": "neural", "params": {"epochs": 2}}
    fields["models"] = [*QUICK_MODELS, network]


@pytest.fixture(scope="module")
def printed(case: Path) -> dict[str, Any]:
    return run(case)


def test_everybody_is_scored_under_their_own_name(printed: dict[str, Any]) -> None:
    found = predictions(printed)["entity_id"].to_pylist()
    assert set(found) <= {name_of(customer) for customer in range(CUSTOMERS)}
    assert len(found) > CUSTOMERS * 0.9


def test_categories_reach_the_models_as_they_are(case: Path, printed: dict[str, Any]) -> None:
    rows = features(case)
    assert {row["visits.all.page.top"] for row in rows} - {None} == set(PAGES.values())
    assert {row["people.colour"] for row in rows} == set(COLOURS)
    importances = ("trees", "line", "network", "constant")
    assert set(printed["metrics"]["ordered"]["models"]) == set(importances)


def test_the_report_shows_them(printed: dict[str, Any]) -> None:
    page = html.unescape(Path(printed["paths"]["report"]).read_text(encoding="utf-8"))
    for name in (*TABLES.values(), ORDERED):
        assert name in page
