"""What is wrong with a wheel: files it lacks or should not hold, metadata that says nothing."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

__all__ = ["problems"]

LICENSE = "Apache-2.0"
SHORTEST_README = 500


def problems(wheel: Path, project: Path, license_file: Path) -> list[str]:
    """Return what is wrong with a wheel, one sentence each.

    Args:
        wheel: The wheel.
        project: The folder that it was built from, with `src` and `README.md`.
        license_file: The license that it must carry.
    """
    with zipfile.ZipFile(wheel) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    inside = {name for name in contents if ".dist-info/" not in name}
    info = {name.partition(".dist-info/")[2]: name for name in contents if name not in inside}
    found = [*_of_files(inside, project)]
    if contents.get(info.get("licenses/LICENSE", "")) != license_file.read_bytes():
        found.append(f"its license is not {license_file}")
    metadata = BytesParser().parsebytes(contents[info["METADATA"]])
    found += _of_metadata(metadata, (project / "README.md").read_text(encoding="utf-8"))
    return [f"{wheel.name}: {problem}." for problem in found]


def _of_files(inside: set[str], project: Path) -> Iterator[str]:
    source = project / "src"
    listed = subprocess.run(
        ["git", "-C", source, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    )
    expected = {name for name in listed.stdout.split("\0") if name and (source / name).exists()}
    if lacking := sorted(expected - inside):
        yield f"it lacks {lacking}"
    if strange := sorted(inside - expected):
        yield f"it holds {strange}, which src does not"
    if tests := sorted(name for name in inside if _is_test(name)):
        yield f"it holds the tests {tests}"
    for package in sorted({name.partition("/")[0] for name in inside}):
        if f"{package}/py.typed" not in inside:
            yield f"it has no {package}/py.typed: its types are lost to whoever installs it"


def _of_metadata(metadata: Message, readme: str) -> Iterator[str]:
    classifiers = metadata.get_all("Classifier", [])
    if not metadata["Summary"]:
        yield "it has no description"
    if metadata["Description-Content-Type"] != "text/markdown":
        yield "its long description is not Markdown"
    if _text_of(metadata).strip() != readme.strip():
        yield "its long description is not README.md"
    if len(readme) < SHORTEST_README:
        yield "its README says next to nothing"
    if metadata["License-Expression"] != LICENSE:
        yield f"its license is {metadata['License-Expression']}, not {LICENSE}"
    if metadata["Requires-Python"] != ">=3.11":
        yield f"it asks for Python {metadata['Requires-Python']}, not >=3.11"
    for wanted in ("Development Status ::", "Programming Language :: Python :: 3.", "Typing ::"):
        if not any(classifier.startswith(wanted) for classifier in classifiers):
            yield f"no classifier begins with {wanted!r}"


def _text_of(metadata: Message) -> str:
    payload = metadata.get_payload(decode=True)
    return payload.decode("utf-8") if isinstance(payload, bytes) else ""


def _is_test(name: str) -> bool:
    path = Path(name)
    return "tests" in path.parts or path.name.startswith("test_") or path.name == "conftest.py"
