from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mushroom import DocumentError, read_document, show_path


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
        ("a: 1\nb: 2\na: 3\n", "case.yaml:3: this line gives `a` a second time; line 1 does too."),
        ("a: [1\n", "case.yaml:2: this is not valid YAML:"),
        ("a:\n\tb: 1\n", "cannot start any token. Indent with spaces, not with tabs."),
        ("a: 1\nb: \0\n", "case.yaml:2: the character U+0000 may not stand in YAML; remove it."),
        ("- 1\n", "case.yaml:1: a mapping of fields is expected, got [1]."),
        ("a: !!python/object:os.system {}\n", "case.yaml:1: this line has the YAML tag"),
        ("a: &x [1]\nb: *x\n", "case.yaml:2: *x is a YAML alias; write the value out."),
        ("? [1]\n: 2\n", "case.yaml:1: this line is not a name"),
        ("a: 2011-02-30\nb: 0b_\n", "case.yaml:2: this line is a value that YAML"),
        ("a: " + "[" * 5000, "case.yaml:1: this file is nested too deeply to be read."),
    ],
)
def test_refuses_with_the_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(write(tmp_path, text), shown="case.yaml")

    assert message in str(caught.value)


def test_lists_every_line_that_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(write(tmp_path, "a: 1\na: 2\nb: {c: !x 1, c: 2}\n"), shown="f")

    assert [problem[:12] for problem in caught.value.problems] == [
        "f:2: this li",
        "f:3: this li",
        "f:3: this li",
    ]


def test_a_few_aliases_that_stand_for_gigabytes_are_refused_unread(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]

    with pytest.raises(DocumentError, match=r"^f:2: \*a0 is a YAML alias; write the value out\.$"):
        read_document(write(tmp_path, "\n".join(lines)), shown="f")


def test_says_that_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"There is no file .*case.yaml; check the path"):
        read_document(tmp_path / "case.yaml")


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"is a folder; name a YAML file\."):
        read_document(tmp_path)


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes("case: a\nlabel: café\n".encode("latin-1"))

    with pytest.raises(DocumentError, match=r"yaml:2: the byte 0xe9 is not UTF-8; save the file"):
        read_document(path)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("case: a\n", encoding="utf-8-sig")

    assert read_document(path).content == {"case": "a"}


def test_an_empty_file_has_no_fields(tmp_path: Path) -> None:
    assert read_document(write(tmp_path, "")).content == {}


@given(st.lists(st.one_of(st.text("abc", min_size=1), st.integers(0, 9)), min_size=1))
def test_shows_any_path_unambiguously(parts: list[str | int]) -> None:
    shown = show_path(("root", *parts))

    assert shown.count("[") == sum(isinstance(part, int) for part in parts)
    assert shown.count(".") == sum(isinstance(part, str) for part in parts)
