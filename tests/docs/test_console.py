import pytest
from console import Step, is_shown, parse_console


def test_commands_are_told_from_their_outputs() -> None:
    text = "$ a \\\n> b\nout\n> not a command\n$ c\n"

    assert parse_console(text) == [
        Step(command="a \\\nb", output="out\n> not a command"),
        Step(command="c", output=""),
    ]


def test_a_block_begins_with_a_command() -> None:
    with pytest.raises(AssertionError, match="begins with a command"):
        parse_console("out\n")


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        ("a", "a\n"),
        ("a\nb", "a  \nb\n\n"),
        ("in … s", "in 3.5 s"),
        ("…\nb", "b"),
        ("…\nb", "1\n2\nb"),
        ("a\n…", "a"),
        ("", ""),
        ("(a+) [b]", "(a+) [b]"),
    ],
)
def test_what_is_shown(expected: str, printed: str) -> None:
    assert is_shown(expected, printed)


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        ("a", "a\nb"),
        ("a", "ab"),
        ("a … c", "a b\nc"),
        ("", "something"),
        ("…\nb", "a"),
        ("a.c", "abc"),
    ],
)
def test_what_is_not_shown(expected: str, printed: str) -> None:
    assert not is_shown(expected, printed)
