"""Writes docs/reference/methods/ from the headers of mushroom's methods, or checks it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from mushroom import load_method, method_names
from mushroom.methods import Method
from mushroom.methods.description import table_needs, wanted_value

FOLDER = Path(__file__).parents[1] / "docs/reference/methods"

_INDEX = """# Download methods

What mushroom's methods say about themselves, written from their headers by
`tools/write_method_pages.py`. `mushroom methods run NAME` runs one; `mushroom methods show NAME`
prints its page with its SQL. [A method of one's own][own] has such a header, too.

[own]: ../../../libs/mushroom/README.md#a-download-method-of-ones-own

| method | one row of the result |
|---|---|
"""


def main() -> int:
    """Write the pages, or compare them; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if one differs")
    options = parser.parse_args()
    pages = method_pages()
    if options.check:
        there = {page.name: page.read_text(encoding="utf-8") for page in FOLDER.glob("*.md")}
        wrong = sorted(name for name in {*pages, *there} if pages.get(name) != there.get(name))
        if wrong:
            print(f"{wrong} are not what the headers say: run {Path(__file__).name}.")
        return 1 if wrong else 0
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.md"):
        old.unlink()
    for name, text in pages.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


def method_pages() -> dict[str, str]:
    """Return each page's text, by its file's name."""
    methods = [load_method(name) for name in method_names()]
    ours = [method for method in methods if method.place.startswith("mushroom/")]
    rows = (f"| [{one.name}]({one.name}.md) | {_cell(one.declaration.summary)} |" for one in ours)
    pages = {f"{one.name}.md": "\n".join(_page(one)).rstrip() + "\n" for one in ours}
    return {"README.md": _INDEX + "\n".join(rows) + "\n", **pages}


def _page(method: Method) -> Iterator[str]:
    declared = method.declaration
    yield f"# {method.name}\n"
    yield f"{declared.summary}\n"
    if declared.note:
        yield f"{declared.note.strip()}\n"
    tables = {name: (table_needs(table), table.doc) for name, table in declared.tables.items()}
    parameters = {name: (wanted_value(one), one.doc) for name, one in declared.parameters.items()}
    returns = {name: (str(one.type), one.doc) for name, one in declared.returns.items()}
    yield from _table("Tables", "table", "must be", tables)
    yield from _table("Parameters", "parameter", "type", parameters)
    yield from _table("Returns", "column", "type", returns)


def _table(title: str, what: str, kind: str, rows: dict[str, tuple[str, str]]) -> Iterator[str]:
    if not rows:
        return
    yield f"## {title}\n"
    yield f"| {what} | {kind} | meaning |\n|---|---|---|"
    for name, (value, doc) in rows.items():
        yield f"| `{name}` | {_cell(value)} | {_cell(doc)} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("<", "&lt;").replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main())
