from datetime import UTC, datetime
from pathlib import Path

import pytest
from mushroom import Catalog, EntityError, Source, latest_event, open_warehouse


def test_the_latest_event_of_all_tables(source: Source) -> None:
    catalog = Catalog.model_validate(source.catalog)
    warehouse = open_warehouse(source.warehouse, root=Path(source.root))
    assert latest_event(catalog, warehouse) == datetime(2024, 6, 30, 22, tzinfo=UTC)


@pytest.mark.parametrize("where", ["price > 100", None])
def test_no_event_is_refused(source: Source, where: str | None) -> None:
    document = source.catalog
    if where is None:
        del document["tables"]["orders"]
    else:
        document["tables"]["orders"]["where"] = where
    warehouse = open_warehouse(source.warehouse, root=Path(source.root))
    with pytest.raises(EntityError, match="hold no event, so that none is the latest"):
        latest_event(Catalog.model_validate(document), warehouse)
