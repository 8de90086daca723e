import pytest
from mushroom import Attributes, Catalog, CatalogError, Events, PhysicalTable


def test_tables_go_by_their_logical_names(catalog: Catalog) -> None:
    assert isinstance(catalog.events("orders"), Events)
    assert isinstance(catalog.attributes("people"), Attributes)
    assert catalog.relation("orders") == PhysicalTable(name="shop.orders")


def test_short_forms_are_columns(catalog: Catalog) -> None:
    assert catalog.events("orders").categories["item"].column == "item"
    assert catalog.attributes("people").columns["country"].column == "country"


def test_an_unknown_table_gets_a_suggestion(catalog: Catalog) -> None:
    with pytest.raises(CatalogError, match="no table 'order'; did you mean 'orders'"):
        catalog.table("order")


def test_a_table_of_the_other_kind_is_refused(catalog: Catalog) -> None:
    with pytest.raises(CatalogError, match="'people' is of the kind attributes; a table of events"):
        catalog.events("people")
    with pytest.raises(CatalogError, match="'orders' is of the kind events; a table of attributes"):
        catalog.attributes("orders")


@pytest.mark.parametrize(
    ("history", "is_historic"),
    [({}, False), ({"immutable": True}, True), ({"valid_from": "since"}, True)],
)
def test_attributes_say_whether_they_have_a_history(
    history: dict[str, object], is_historic: bool
) -> None:
    table = {"kind": "attributes", "table": "t", "entity": "e", "columns": ["c"], **history}
    catalog = Catalog.model_validate({"tables": {"a": table}})
    assert catalog.attributes("a").is_historic == is_historic
