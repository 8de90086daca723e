import pytest
from mushroom import MethodError, load_method, method_names, parse_method


@pytest.mark.parametrize("name", method_names())
def test_the_packages_methods_are_declared(name: str) -> None:
    method = load_method(name)
    assert method.name == name
    assert method.declaration.summary.endswith(".")
    for parameter in method.declaration.parameters.values():
        assert parameter.doc


def test_an_unknown_method_gets_a_suggestion() -> None:
    with pytest.raises(MethodError, match="named 'daily_activty'; did you mean 'daily_activity'"):
        load_method("daily_activty")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT 1 AS x", "The method m must end in ORDER BY over columns that tell its rows"),
        ("SELEC", "The method m is not well formed: .*SELEC"),
        ("/* [ */ SELECT 1 AS x ORDER BY x", "The method m is not well formed: while parsing"),
        ("/* parameter: {} */ SELECT 1 AS x ORDER BY x", "(?s)not well formed: .*parameter.*Extra"),
        ("SELECT @a AS x ORDER BY x", "The method m uses @a without declaring its type; begin the"),
        (
            "/* parameters: {a: {type: int64}} */ SELECT 1 AS x ORDER BY x",
            "The method m declares 'a', which its query does not use",
        ),
        (
            "/* tables: {events: events} */ SELECT 1 AS x ORDER BY x",
            "The method m declares 'events', which its query does not use",
        ),
        (
            "/* parameters: {a: {type: int}} */ SELECT @a AS x ORDER BY x",
            "(?s)The method m is not well formed: .*parameters.a.type",
        ),
    ],
)
def test_what_is_not_well_formed_is_refused(text: str, message: str) -> None:
    with pytest.raises(MethodError, match=message):
        parse_method(text, name="m")
