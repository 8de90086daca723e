import pytest
from mushroom import WarehouseError
from mushroom.warehouse.duckdb.layout import find_table, listed_tables

NAMES = (
    "logs/2023-12.parquet",
    "logs/2024-01.parquet",
    "logs/2024-02.parquet",
    "logs/_SUCCESS",
    "orders/_temporary/0.parquet",
    "orders/day=1/shop=a/x.parquet",
    "orders/day=1/shop=b/x.parquet",
    "people.csv",
    "shop.orders.parquet",
)


def test_the_top_is_listed() -> None:
    assert listed_tables(NAMES) == ("logs", "orders", "people", "shop.orders")


@pytest.mark.parametrize(
    ("table", "files"),
    [
        ("people", ["people.csv"]),
        ("people.csv", ["people.csv"]),
        ("shop.orders", ["shop.orders.parquet"]),
        ("logs", ["logs/2023-12.parquet", "logs/2024-01.parquet", "logs/2024-02.parquet"]),
        ("logs/2024-*", ["logs/2024-01.parquet", "logs/2024-02.parquet"]),
        ("logs/2024-0[2-9].parquet", ["logs/2024-02.parquet"]),
        ("orders/**/shop=b", ["orders/day=1/shop=b/x.parquet"]),
        ("**/x.parquet", ["orders/day=1/shop=a/x.parquet", "orders/day=1/shop=b/x.parquet"]),
        ("**/people.csv", ["people.csv"]),
        ("log", None),
        ("logs/2022-*", None),
        ("../people", None),
        ("", None),
    ],
)
def test_a_table_is_a_file_a_folder_or_a_pattern(table: str, files: list[str] | None) -> None:
    found = find_table(NAMES, table)
    assert (None if found is None else list(found.files)) == files


def test_folders_that_say_a_value_are_columns() -> None:
    found = find_table(NAMES, "orders")
    assert found is not None
    assert found.keys == ("day", "shop")


def test_folders_of_a_key_are_never_hidden() -> None:
    found = find_table(["t/_day=1/a.csv", "t/_day=2/b.csv", "t/_old/c.csv"], "t")
    assert found is not None
    assert (found.files, found.keys) == (("t/_day=1/a.csv", "t/_day=2/b.csv"), ("_day",))


def test_a_name_that_is_there_is_no_pattern() -> None:
    found = find_table(["t[1]*.parquet", "t1.parquet"], "t[1]*")
    assert found is not None
    assert found.files == ("t[1]*.parquet",)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["t.csv", "t/a.csv"], r"table 't' twice, as t.csv and t/a.csv; rename or remove one"),
        (["t/a.csv", "t/b.parquet"], r"'t' twice, as t/a.csv and t/b.parquet"),
        (
            ["t/a.csv", "t/day=1/b.csv"],
            r"different keys: t/a.csv has none, and t/day=1/b.csv has day. Move them",
        ),
        (
            ["t/day=1/a.csv", "t/month=1/b.csv"],
            r"t/day=1/a.csv has day, and t/month=1/b.csv has month",
        ),
        (
            ["t/_delta_log/00.json", "t/a.parquet"],
            r"'t' belongs to Delta Lake, as t/_delta_log/00.json says.* Export it",
        ),
    ],
)
def test_files_of_two_minds_are_refused(names: list[str], message: str) -> None:
    with pytest.raises(WarehouseError, match=message):
        find_table(names, "t")
