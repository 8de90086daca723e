import json
from pathlib import Path

import pytest
from mushroom import Catalog, Source, WarehouseError


def test_a_source_is_json_and_covers_all_tables(source: Source) -> None:
    assert set(source.snapshot) == {"labels", "people", "shop.orders"}
    assert source.catalog["tables"]["people"]["types"] == {"customer": "INT64", "country": "STRING"}
    assert Source(**json.loads(json.dumps(source.arguments()))) == source


def test_tables_that_are_not_there_are_refused(catalog: Catalog, shop: Path) -> None:
    with pytest.raises(WarehouseError, match="has no table 'label'; did you mean 'labels'"):
        Source.of("duckdb:shop", root=shop.parent, catalog=catalog, tables=["label"])
