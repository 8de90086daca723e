import pytest
from mushroom import MethodError, load_method, method_names, parse_method, parse_query
from mushroom.methods.declaration import ANY_COLUMNS
from sqlglot import exp
from sqlglot.dialects.bigquery import BigQuery


@pytest.mark.parametrize("name", method_names())
def test_the_packages_methods_say_everything_about_themselves(name: str) -> None:
    declaration = load_method(name).declaration
    assert declaration.name == name
    assert declaration.summary.endswith((".", "?"))
    assert declaration.returns
    for column, result in declaration.returns.items():
        assert result.doc
        assert result.type != "any" or column == ANY_COLUMNS
    for parameter in declaration.parameters.values():
        assert parameter.doc
    for table in declaration.tables.values():
        assert table.doc


def test_no_length_share_or_number_of_the_package_s_methods_is_nonsense() -> None:
    numbers = {
        (name, parameter): declared
        for name in method_names()
        for parameter, declared in load_method(name).declaration.parameters.items()
        if declared.type in ("int64", "float64")
    }
    assert len(numbers) > 10
    assert not [key for key, declared in numbers.items() if declared.at_least is None]


@pytest.mark.parametrize("name", method_names())
def test_the_packages_methods_use_no_reserved_word_as_a_name(name: str) -> None:
    """BigQuery would refuse it, where sqlglot and DuckDB do not."""
    found = load_method(name).tree.find_all(exp.Identifier)
    names = {node.name.lower() for node in found if not node.quoted}
    assert not names & BigQuery.Generator.RESERVED_KEYWORDS


def test_an_unknown_method_gets_a_suggestion() -> None:
    with pytest.raises(MethodError, match="named 'daily_activty'; did you mean 'daily_activity'"):
        load_method("daily_activty")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\nSELECT 1 AS x", "m:2: the query must end in ORDER BY over columns that tell its rows"),
        ("/*\n*/\nSELEC", "m:.: 'SELEC' is not valid|m:1: Expected one SELECT statement"),
        ("/*\n*/\nSELECT a FRM t, u\nORDER BY (", r"m:3: .* is not valid GoogleSQL"),
        ("/*\n[ */ SELECT 1 AS x ORDER BY x", "m:2: this is not valid YAML"),
        (
            "/*\nparameter: {} */ SELECT 1 AS x ORDER BY x",
            "m:2: `parameter`: this field is unknown; did you mean 'parameters'?",
        ),
        (
            "/*\nparameters:\n  a: {typ: int64} */ SELECT 1 AS x ORDER BY x",
            "m:3: `parameters.a.typ`: this field is unknown; did you mean 'type'?",
        ),
        (
            "SELECT\n  @a AS x ORDER BY x",
            r"m:2: @a is used without declaring its type; begin with /\* parameters: {a: {type",
        ),
        (
            "/* parameters: {ab: {type: int64}} */ SELECT @abc AS x ORDER BY x",
            "m:1: @abc is used without declaring its type; did you mean 'ab'?",
        ),
        (
            "/*\nparameters:\n  a: {type: int64} */ SELECT 1 AS x ORDER BY x",
            "m:3: `parameters.a` is declared, but the query does not use it",
        ),
        (
            "/* tables: {events: events} */ SELECT 1 AS x ORDER BY x",
            "m:1: `tables.events` is declared, but the query does not use it",
        ),
        (
            "/*\nparameters:\n  a: {type: int} */ SELECT @a AS x ORDER BY x",
            "m:3: `parameters.a.type`: Input should be 'bool', 'int64'.* got 'int'",
        ),
        (
            "/* parameters: {a: {type: int64, default: x}} */ SELECT @a AS x ORDER BY x",
            "m:1: `parameters.a`: the default does not fit: expected a value of the type int64",
        ),
        (
            "/* parameters: {a: {type: string, one_of: [b], default: c}} */ SELECT @a ORDER BY 1",
            "`parameters.a`: the default does not fit: expected one of b, got 'c'",
        ),
        (
            "/* parameters: {a: {type: int64, at_most: 3, default: 4}} */ SELECT @a ORDER BY 1",
            "`parameters.a`: the default does not fit: expected a number of at most 3, got 4",
        ),
        (
            "/* parameters: {a: {type: date, at_least: 3}} */ SELECT @a ORDER BY 1",
            "`parameters.a`: `at_least` and `at_most` are for parameters of the types int64",
        ),
        (
            "/* parameters: {a: {type: int64, at_least: 3, at_most: 2}} */ SELECT @a ORDER BY 1",
            "`parameters.a`: `at_least` is 3, more than `at_most`, 2",
        ),
        (
            "/* tables: {t: {kind: events, columns: [a]}} */ SELECT a FROM t ORDER BY a",
            "m:1: `tables.t`: `columns` and `versioned` are for tables of the kind attributes",
        ),
        ("/* name: other */ SELECT 1 AS x ORDER BY x", "m:1: the name 'other' is not 'm'"),
        (
            "/* name: m */\nSELECT 1 AS x FROM t\nWHERE a < CURRENT_DATE() ORDER BY x",
            r"m:3: CURRENT_DATE gives another answer each time",
        ),
        (
            "SELECT 1 AS x\nFROM a.b ORDER BY x",
            "m:2: The query reads from a.b; use a logical name instead",
        ),
    ],
)
def test_what_is_not_well_formed_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(MethodError, match=message):
        parse_method(text, name="m")


def test_all_faults_are_told_at_once() -> None:
    text = "/*\nname: n\nparameters: {a: {type: int64}}\n*/\nSELECT @b AS x"
    with pytest.raises(MethodError) as caught:
        parse_method(text, name="m", place="m.sql")
    lines = [line.split(": ")[0] for line in str(caught.value).splitlines()]
    assert lines == ["m.sql:2", "m.sql:3", "m.sql:5", "m.sql:5"]


@pytest.mark.parametrize("name", method_names())
def test_the_text_that_bigquery_gets_reads_back_as_itself(name: str) -> None:
    text = load_method(name).tree.sql(dialect="bigquery", comments=False)
    assert parse_query(text).sql(dialect="bigquery", comments=False) == text
