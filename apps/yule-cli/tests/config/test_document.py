from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yule_cli.config.document import read_document, show_path
from yule_cli.errors import CaseError


def write(folder: Path, text: str) -> Path:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_knows_the_line_of_each_field(tmp_path: Path) -> None:
    document = read_document(write(tmp_path, "a: 1\nb:\n  - c: 2\n  - d: [3,\n        4]\n"))

    assert document.content == {"a": 1, "b": [{"c": 2}, {"d": [3, 4]}]}
    assert document.line(("a",)) == 1
    assert document.line(("b", 1, "d")) == 4
    assert document.line(("b", 1, "d", 1)) == 5


def test_gives_the_line_of_the_section_around_a_missing_field(tmp_path: Path) -> None:
    document = read_document(write(tmp_path, "a: 1\nb:\n  c: 2\n"))

    assert document.problem(("b", "d"), "is missing.") == "case.yaml:2: `b.d` is missing."


@pytest.mark.parametrize("text", ["2011-12-10", "2011-12-10 10:00:00", "2011-12-10T10:00:00Z"])
def test_leaves_dates_and_times_as_text(tmp_path: Path, text: str) -> None:
    assert read_document(write(tmp_path, f"as_of: {text}\n")).content == {"as_of": text}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "case.yaml:2: this line gives `a` a second time."),
        ("a: [1\n", "case.yaml:2: this is not valid YAML:"),
        ("- 1\n", "case.yaml:1: a mapping of fields is expected, got [1]."),
        ("a: !!python/object:os.system {}\n", "case.yaml:1: this line has the YAML tag"),
        ("a: &x [1]\nb: *x\n", "is a YAML alias; write the value out."),
        ("? [1]\n: 2\n", "case.yaml:1: this line is not a name"),
    ],
)
def test_refuses_with_the_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_document(write(tmp_path, text))

    assert message in str(caught.value)


def test_says_that_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"There is no file .*case.yaml; check the path"):
        read_document(tmp_path / "case.yaml")


def test_an_empty_file_has_no_fields(tmp_path: Path) -> None:
    assert read_document(write(tmp_path, "")).content == {}


@given(st.lists(st.one_of(st.text("abc", min_size=1), st.integers(0, 9)), min_size=1))
def test_shows_any_path_unambiguously(parts: list[str | int]) -> None:
    shown = show_path(("root", *parts))

    assert shown.count("[") == sum(isinstance(part, int) for part in parts)
    assert shown.count(".") == sum(isinstance(part, str) for part in parts)
