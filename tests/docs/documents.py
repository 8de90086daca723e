"""The project's documents, and the code blocks in them."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
_DIRECTIVE = re.compile(r"<!--\s*(file|output|exits|serves|not run)\b:?\s*(.*?)\s*-->", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A code block.

    Attributes:
        document: The document's path below the root.
        line: The line of its fence.
        language: What stands behind the fence; `bash` for an indented block; else empty.
        text: The code.
        directives: What the HTML comment before it says, by name: `file` (the block is the content
            of that file), `output` (it is what the block before prints), `exits` (the code that
            its commands end with, if not 0), `serves` (a command that answers HTTP until it is
            stopped), `not run` (and why not).
    """

    document: str
    line: int
    language: str
    text: str
    directives: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"

    @property
    def is_output(self) -> bool:
        return "output" in self.directives

    @property
    def not_run(self) -> str | None:
        """Why nobody runs it; None where it is run."""
        if self.language == "mermaid":
            return "a diagram, which the reader's page draws"
        if self.text.startswith("@@"):
            return "still to be written"
        return self.directives.get("not run")


def documents() -> list[Path]:
    """Every page that is promised to be true, but for the decisions: these are history."""
    pages = [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/README.md")]
    pages += [*ROOT.glob("libs/*/README.md"), *ROOT.glob("apps/*/README.md")]
    pages += [*ROOT.glob("apps/*/*/README.md")]
    return sorted(page for page in pages if "adr" not in page.parts)


def blocks_of(page: Path) -> list[Block]:
    """Return the code blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    blocks: list[Block] = []
    directives: dict[str, str] = {}
    for token in MarkdownIt().parse(text):
        if token.type in {"fence", "code_block"} and token.map:
            blocks.append(_block(token, page, directives))
            directives = {}
        elif token.type == "html_block":
            directives = dict(_DIRECTIVE.findall(token.content))
    return blocks


def _block(token: Token, page: Path, directives: dict[str, str]) -> Block:
    assert token.map is not None
    return Block(
        document=page.relative_to(ROOT).as_posix(),
        line=token.map[0] + 1,
        language="bash" if token.type == "code_block" else token.info.strip(),
        text=token.content,
        directives=directives,
    )
