import pytest
from mushroom.errors import QueryError
from mushroom.googlesql import (
    base_tables,
    parse_expression,
    parse_query,
    sparing,
    without_sparing,
)


@pytest.mark.parametrize("text", ["a", "a + b", "CASE WHEN a > 1 THEN 'x' END", "LOWER(a) = 'x'"])
def test_expressions_over_a_row_are_taken(text: str) -> None:
    assert parse_expression(text).sql(dialect="bigquery") == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a +", "'a \\+' is not valid GoogleSQL: Required keyword: 'expression' missing near"),
        ("a) OR (b", "is not valid GoogleSQL"),
        ("", "is not valid GoogleSQL|Expected one GoogleSQL expression"),
        ("a; DROP TABLE t", "Expected one GoogleSQL expression, got 'a; DROP TABLE t'"),
        ("a FROM t", "Expected one GoogleSQL expression, got 'a FROM t'"),
        ("a, b", "Expected one GoogleSQL expression"),
        ("DISTINCT a", "Expected one GoogleSQL expression"),
        ("(SELECT 1)", "columns of one row only"),
        ("EXISTS(SELECT 1 FROM t)", "columns of one row only"),
        ("SUM(a)", "columns of one row only"),
        ("SUM(a) OVER ()", "columns of one row only"),
        ("a AS b", "columns of one row only"),
        ("*", "columns of one row only"),
        ("a = @p", "columns of one row only"),
        ("RAND() < 0.5", r"RAND\(\) gives another answer each time"),
        ("a < CURRENT_TIMESTAMP()", r"CURRENT_TIMESTAMP\(\) gives another answer each time"),
    ],
)
def test_everything_else_is_refused(text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        parse_expression(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELEC 1", "Expected one SELECT|is not valid GoogleSQL"),
        ("DROP TABLE t", "Expected one SELECT statement, got 'DROP TABLE t'"),
        ("SELECT 1; SELECT 2", "Expected one SELECT statement"),
        ("SELECT a FROM t WHERE b < CURRENT_DATE()", "gives another answer each time"),
        ("SELECT a FROM t TABLESAMPLE SYSTEM (10 PERCENT)", "gives another answer each time"),
    ],
)
def test_only_repeatable_selects_are_queries(text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        parse_query(text)


def test_base_tables_are_not_common_table_expressions() -> None:
    tree = parse_query(
        "WITH a AS (SELECT x FROM t) SELECT * FROM a JOIN u USING (x) "
        "WHERE x IN (SELECT x FROM v AS a) UNION ALL SELECT * FROM a"
    )
    assert sorted(table.name for table in base_tables(tree)) == ["t", "u", "v"]


@pytest.mark.parametrize("table", ["p.d.t", "READ_TEXT('/etc/passwd')"])
def test_other_than_logical_names_are_refused(table: str) -> None:
    with pytest.raises(QueryError, match=r"reads from .*; use a logical name instead, and UNNEST"):
        base_tables(parse_query(f"SELECT 1 FROM {table}"))  # noqa: S608


def test_arrays_are_unnested() -> None:
    tree = parse_query("SELECT item FROM t, UNNEST(t.items) AS item")
    assert [table.name for table in base_tables(tree)] == ["t"]


def test_what_spares_work_can_be_left_out_and_shows_in_no_text() -> None:
    tree = parse_query("SELECT a FROM t WHERE a > 1")
    marked = tree.where(sparing(parse_expression("b IS NULL")))
    assert marked.sql() == tree.where("b IS NULL").sql()
    left = without_sparing(marked.copy())
    assert left.sql() == "SELECT a FROM t WHERE a > 1 AND TRUE"
    assert marked.sql() == tree.where("b IS NULL").sql()
    assert without_sparing(tree).sql() == tree.sql()
