from datetime import timedelta
from decimal import Decimal

import pytest
from mushroom import WarehouseError
from mushroom.warehouse.bigquery.address import Address

INJECTIONS = (
    "t`; DROP TABLE t; --",
    "t` WHERE 1=1 --",
    "d.t;SELECT 1",
    "a.b.c.d",
    "",
    ".",
    "p.d.",
    "../../secrets",
    "t@123",
    "t$20260101",
    'p".d.t',
    "p.d`.t",
    "p/x.d.t",
    "ta\nble",
)


def test_a_short_address_has_defaults() -> None:
    found = Address.parse("bigquery://acme-data/shop")
    assert (found.project, found.dataset, found.billing) == ("acme-data", "shop", "acme-data")
    assert (found.location, found.max_bytes, found.run_max_bytes) == (None, None, None)
    assert (found.scratch, found.price_per_tib, found.currency) == ("shop", Decimal("6.25"), "USD")
    assert (found.kept, found.kept_for) == (None, None)


def test_all_options_are_read() -> None:
    found = Address.parse(
        "bigquery://acme.com:data/shop?location=EU&billing=acme-ml&scratch=tmp&max_gib=0.5"
        "&run_max_gib=100&price_per_tib=5&currency=EUR&snapshot.web.clicks=2026-11-24"
        "&keep_inputs=kept&keep_days=0400"
    )
    assert (found.project, found.location, found.billing) == ("acme.com:data", "EU", "acme-ml")
    assert (found.max_bytes, found.run_max_bytes) == (2**29, 100 * 2**30)
    assert (found.kept, found.kept_for) == ("kept", timedelta(days=400))
    assert found.declared == {"web.clicks": "2026-11-24"}


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("bigquery:shop", "is no address of a BigQuery dataset; write bigquery://PROJECT"),
        ("bigquery://Acme/shop", "is no address"),
        ("bigquery://acme", "'' cannot be the name of a dataset"),
        ("bigquery://acme/a/b", "'a/b' cannot be the name of a dataset"),
        ("bigquery://acme/shop#x", "is no address"),
        ("bigquery://acme/shop?locaton=EU", "option 'locaton'; did you mean 'location'"),
        ("bigquery://acme/shop?location=EU&location=US", "gives an option twice"),
        ("bigquery://acme/shop?max_gib=lots", "'max_gib' must be a number, got 'lots'"),
        ("bigquery://acme/shop?max_gib=-1", "must be a number"),
        ("bigquery://acme/shop?price_per_tib=NaN", "must be a number"),
        ("bigquery://acme/shop?keep_inputs=a.b", "'a.b' cannot be the name of a dataset for kept"),
        ("bigquery://acme/shop?keep_days=30", "name the dataset to keep them in as 'keep_inputs'"),
        ("bigquery://acme/shop?keep_inputs=k&keep_days=0", "between 1 and 36500, got '0'"),
        ("bigquery://acme/shop?keep_inputs=k&keep_days=1e9", "between 1 and 36500, got '1e9'"),
        ("bigquery://acme/shop?location=E U", "cannot be the name of a location"),
    ],
)
def test_what_does_not_fit_is_refused(url: str, says: str) -> None:
    with pytest.raises(WarehouseError, match=says.replace("?", r"\?")):
        Address.parse(url)


def test_credentials_are_refused_and_not_repeated() -> None:
    with pytest.raises(WarehouseError, match="holds no credentials") as caught:
        Address.parse("bigquery://me:canary@acme/shop")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("name", INJECTIONS)
def test_only_names_are_names(name: str) -> None:
    with pytest.raises(WarehouseError, match=r"is no name of a table|cannot be the name of"):
        Address.parse("bigquery://acme/shop").table(name)
