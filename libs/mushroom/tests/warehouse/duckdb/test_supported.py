"""What does not survive the way to DuckDB is refused, with its name and its line."""

import pytest
from mushroom import PhysicalTable, Query, QueryError, parse_query
from mushroom.warehouse.duckdb.compile import compile_query
from sqlglot import exp


def compiled(text: str) -> str:
    query = Query(tree=parse_query(text), relations={"t": PhysicalTable(name="t")})
    return compile_query(query, table=lambda name: exp.table_(name, quoted=True))


@pytest.mark.parametrize(
    ("construct", "message"),
    [
        ("FARM_FINGERPRINT(a)", "line 3: the function FARM_FINGERPRINT is not among those"),
        ("made_up(a)", "line 3: the function MADE_UP is not among those"),
        ("LENGHT(a)", "line 3: the function LENGHT is not .*; did you mean 'LENGTH'?"),
        ("ARRAY_AGG(a ORDER BY a LIMIT 2)", r"line 3: ARRAY_AGG\(a ORDER BY a LIMIT 2\) cannot be"),
        ("EXTRACT(WEEK FROM a)", r"line 3: EXTRACT\(WEEK ...\) is not known .* 'ISOWEEK'"),
        ("FORMAT_TIMESTAMP('%H', a, 'UTC')", "line 3: on DuckDB FORMAT_TIMESTAMP takes no zone"),
        ("INSTR(a, 'x', -1)", "line 3: on DuckDB INSTR begins at the beginning; take STRPOS of"),
        ("SAFE.SUBSTR(a, 1)", "line 3: the function SAFE.SUBSTR is not among"),
        ("project.dataset.mine(a)", "line 3: the function MINE is not among those"),
        ("APPROX_QUANTILES(a, 4)", "line 3: the function APPROX_QUANTILES is not among those"),
        ("(SELECT MIN(p) FROM UNNEST([1]) AS x WITH OFFSET AS p)", "line 3: WITH OFFSET counts"),
    ],
)
def test_it_is_refused(construct: str, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        compiled(f"SELECT\n  1 AS one,\n  {construct} AS v\nFROM t")
    assert caught.value.line == 3


def test_what_is_built_in_code_is_left_to_its_own_tests() -> None:
    tree = exp.select(exp.func("FARM_FINGERPRINT", exp.column("a"), dialect="bigquery")).from_("t")
    query = Query(tree=tree, relations={"t": PhysicalTable(name="t")})
    assert "FARM_FINGERPRINT" in compile_query(query, table=exp.table_)


@pytest.mark.parametrize("cast", ["SAFE_CAST(a AS FLOAT64)", "CAST(a AS NUMERIC)"])
def test_a_cast_that_somebody_wrote_asks_what_it_casts(cast: str) -> None:
    assert "TYPEOF" in compiled(f"SELECT {cast} AS v FROM t")  # noqa: S608 (the test's own)


def test_a_cast_of_what_code_computes_is_a_cast() -> None:
    cast = exp.cast(exp.column("a", quoted=True), exp.DataType.build("DOUBLE"))
    query = Query(tree=exp.select(cast).from_("t"), relations={"t": PhysicalTable(name="t")})
    assert "TYPEOF" not in compile_query(query, table=exp.table_)
