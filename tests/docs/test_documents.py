"""Every document is followed from its first block to its last, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from console import is_shown, parse_console
from documents import ROOT, Block, blocks_of, documents
from mushroom import parse_query
from sandbox import Sandbox, on_one_core
from settings import check_settings

STARTS = {
    "README.md": "shop",
    "apps/yule-cli/README.md": "shop",
    "apps/other-ml-products/kpi-digest/README.md": "checkout",
    "apps/other-ml-products/reactivation-list/README.md": "checkout",
    "examples/online-retail/README.md": "checkout",
    "docs/tutorial.md": "checkout",
    "docs/how-to/add-a-feature-method.md": "checkout",
    "docs/how-to/predict-classes-and-amounts.md": "shop",
    "docs/how-to/publish-predictions-in-a-table.md": "shop",
    "docs/how-to/score-rows-at-their-own-times.md": "shop",
    "docs/how-to/learn-from-more-than-labels.md": "shop",
    "docs/how-to/meet-a-deadline.md": "shop",
    "docs/how-to/search-and-repeat.md": "shop",
    "docs/how-to/add-a-model.md": "checkout",
    "docs/how-to/build-a-product.md": "checkout",
}
EXAMPLE = "examples/online-retail"
DOCUMENTS = [page.relative_to(ROOT).as_posix() for page in documents()]
NOT_RUN = [block for page in documents() for block in blocks_of(page) if block.not_run is not None]


@pytest.fixture
def sandbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sandbox]:
    with on_one_core():
        made = Sandbox(tmp_path, start=STARTS.get(request.param, "nothing"))
        yield made
        made.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("document", "sandbox"), [(name, name) for name in DOCUMENTS], indirect=["sandbox"]
)
def test_a_document_can_be_followed(document: str, sandbox: Sandbox, tmp_path: Path) -> None:
    printed = ""
    for block in blocks_of(ROOT / document):
        if block.not_run is None:
            printed = follow(block, sandbox, printed=printed, scratch=tmp_path)


@pytest.mark.parametrize("block", NOT_RUN, ids=str)
def test_a_block_that_is_not_run_says_why(block: Block) -> None:
    """So that the summary lists them all."""
    assert block.not_run
    pytest.skip(f"{block} is not run: {block.not_run}")


def test_the_example_is_explained_line_by_line() -> None:
    shown = [b.text for b in blocks_of(ROOT / EXAMPLE / "README.md") if b.language == "yaml"]

    assert "".join(shown).split() == (ROOT / EXAMPLE / "case.yaml").read_text().split()


def follow(block: Block, sandbox: Sandbox, *, printed: str, scratch: Path) -> str:
    """Do what a block says; return what it printed."""
    if block.is_output:
        assert is_shown(block.text, printed), f"{block} shows another output than:\n{printed}"
        return printed
    if "file" in block.directives:
        # What it says is checked by the commands that use it.
        sandbox.write(block.directives["file"], block.text)
        return ""
    match block.language:
        case "python":
            return sandbox.python(block.text, name=block.document, line=block.line)
        case "console":
            return run_console(block, sandbox)
        case "bash":
            return run_bash(block, sandbox)
        case "diff":
            sandbox.apply(block.text)
        case "sql":
            parse_query(block.text)
        case "yaml" if block.document.startswith(EXAMPLE):
            yaml.safe_load(block.text)  # a part of a section: see the test above
        case "yaml" | "json" | "toml":
            check_settings(block.language, block.text, scratch)
        case _:
            raise AssertionError(f"{block}: nobody knows how to run {block.language!r}.")
    return ""


def run_console(block: Block, sandbox: Sandbox) -> str:
    printed = ""
    for step in parse_console(block.text):
        printed, code = sandbox.shell(step.command)
        ended = f"{block}: `{step.command}` ended with {code} and printed\n{printed}"
        assert code == int(block.directives.get("exits", 0)), ended
        assert is_shown(step.output, printed), ended
    return printed


def run_bash(block: Block, sandbox: Sandbox) -> str:
    printed = ""
    for command in block.text.splitlines():
        if "serves" in block.directives:
            sandbox.serve(command)
        elif command.strip():
            printed, code = sandbox.shell(command)
            assert code == 0, f"{block}: `{command}` ended with {code}\n{printed}"
    return printed
