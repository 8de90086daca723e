"""Console blocks: commands behind `$ `, and what they print."""

import re
from dataclasses import dataclass

_ANYTHING = re.compile(r"…|\.\.\.")


@dataclass(frozen=True, kw_only=True)
class Step:
    """A command and the output that a document shows for it, in which `…` stands for anything."""

    command: str
    output: str


def parse_console(text: str) -> list[Step]:
    """Return the commands of a block, with the outputs below them."""
    steps: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            steps.append(([line[2:]], []))
        elif line.startswith("> ") and steps and not steps[-1][1]:
            steps[-1][0].append(line[2:])
        else:
            assert steps, f"A console block begins with a command behind `$ `, not with {line!r}."
            steps[-1][1].append(line)
    return [Step(command="\n".join(c), output="\n".join(o)) for c, o in steps]


def is_shown(expected: str, printed: str) -> bool:
    """Whether a document shows what was printed.

    A line that is only `…` stands for any lines, none included; elsewhere it stands for anything
    within its line. White space at the end of lines does not count.
    """
    pattern = "".join(_line_pattern(line) for line in expected.strip().splitlines())
    lines = "".join(f"{line.rstrip()}\n" for line in printed.strip().splitlines())
    return re.fullmatch(pattern, lines) is not None


def _line_pattern(line: str) -> str:
    if line.strip() in {"…", "..."}:
        return r"(?:.*\n)*?"
    return ".*?".join(re.escape(part) for part in _ANYTHING.split(line.rstrip())) + r"\n"
