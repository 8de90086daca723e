"""The machinery notices what is wrong: a document that lies cannot pass."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stand_ins
from documents import Block, blocks_of
from sandbox import Sandbox
from test_documents import follow


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    made = Sandbox(tmp_path, start="nothing")
    yield made
    made.close()


def block(language: str, text: str, **directives: str) -> Block:
    return Block(
        document="page.md", line=7, language=language, text=text, directives={**directives}
    )


def test_blocks_are_found_with_what_is_said_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(
        "Text\n\n    make x\n\n<!-- file: a/b.py -->\n```python\n1\n```\n\n"
        "<!-- not run: why\nnot -->\n```console\n$ x\n```\n\n```\nplain\n```\n"
    )

    one, two, three, four = blocks_of(page)

    assert (one.language, one.text, one.line, one.not_run) == ("bash", "make x\n", 3, None)
    assert (two.directives, two.line) == ({"file": "a/b.py"}, 6)
    assert three.not_run == "why\nnot"
    assert (four.language, four.not_run) == ("", None)


def test_python_keeps_its_names_from_block_to_block(sandbox: Sandbox, tmp_path: Path) -> None:
    follow(block("python", "x = 1\n"), sandbox, printed="", scratch=tmp_path)
    printed = follow(block("python", "print(x + 1)\n"), sandbox, printed="", scratch=tmp_path)

    follow(block("", "2\n", output=""), sandbox, printed=printed, scratch=tmp_path)
    with pytest.raises(AssertionError, match=r"page\.md:7 shows another output than"):
        follow(block("", "3\n", output=""), sandbox, printed=printed, scratch=tmp_path)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (block("python", "\n1 / 0\n"), r'"page.md", line 9.*\n.*ZeroDivisionError'),
        (block("python", ">>> 1 + 1\n3\n"), "Expected:\n    3\nGot:\n    2"),
        (block("python", "import warnings\nwarnings.warn('old')\n"), "UserWarning: old"),
        (block("console", "$ echo a\nb\n"), "`echo a` ended with 0 and printed\n *a"),
        (block("console", "$ false\n"), "`false` ended with 1"),
        (block("console", "$ true\n", exits="2"), "`true` ended with 0"),
        (block("bash", "true\nfalse\n"), "`false` ended with 1"),
        (block("bash", "make no-such-target\n"), "No rule to make target 'no-such-target'"),
        (block("bash", "pip install numpy\n"), "numpy is none of"),
        (block("bash", "pip install yule-models[nerual]\n"), "has the extras"),
        (block("diff", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"), "x: No such file"),
        (block("cobol", "STOP RUN."), "nobody knows how to run 'cobol'"),
        (block("", "plain"), "nobody knows how to run ''"),
        (block("python", "x", file="../../x.py"), "outside the reader's folder"),
    ],
    ids=lambda value: value.text.strip()[:20] if isinstance(value, Block) else "",
)
def test_a_wrong_block_fails(wrong: Block, message: str, sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=message):
        follow(wrong, sandbox, printed="", scratch=tmp_path)


def test_the_shell_stays_where_it_went(sandbox: Sandbox) -> None:
    sandbox.shell("mkdir -p deep/er && cd deep")

    assert sandbox.shell("ls") == ("er\n", 0)


def test_other_commands_are_run_as_they_are(tmp_path: Path) -> None:
    assert stand_ins.of(["yule", "run", "quick.yaml"], folder=tmp_path, site=tmp_path) is None
