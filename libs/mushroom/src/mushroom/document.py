"""Reads a YAML file strictly, and remembers on which line each field stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from mushroom.errors import DocumentError

__all__ = ["Document", "FieldPath", "parse_document", "read_document", "show_path"]

FieldPath: TypeAlias = tuple[str | int, ...]

_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp")
)


@dataclass(frozen=True, kw_only=True)
class Document:
    """The content of one YAML file.

    Attributes:
        path: The file.
        content: Plain dicts, lists and scalars. Dates and times stay strings.
        lines: Line, counted from 1, of each field; the empty path is the file's start.
    """

    path: Path
    content: dict[str, Any]
    lines: Mapping[FieldPath, int]

    def line(self, path: FieldPath) -> int:
        """Return the line of a field, or of the nearest section around it that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: FieldPath, message: str) -> str:
        """Say what is wrong with a field, as ``case.yaml:14: `models[1].depth` must be …``."""
        where = f"{self.path.name}:{self.line(path)}:"
        return f"{where} `{show_path(path)}` {message}" if path else f"{where} {message}"


def show_path(path: FieldPath) -> str:
    """Write a field path as people do.

    Example:
        >>> show_path(("models", 1, "params", "depth"))
        'models[1].params.depth'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_document(path: Path, *, shown: str | None = None) -> Document:
    """Read a YAML file of plain values.

    Aliases are refused: a few lines of them can stand for gigabytes.

    Args:
        path: The file.
        shown: How messages call it; its path by default.

    Raises:
        DocumentError: If there is no such file, it is not YAML in UTF-8, it is not a mapping, a key
            stands in it twice, or it uses tags or aliases.
    """
    if not isinstance(path, Path):
        raise DocumentError([f"The path of a document is a `pathlib.Path`, got {path!r}."])
    shown = shown or str(path)
    return parse_document(_text(path, shown), path=path, shown=shown)


def parse_document(text: str, *, path: Path, shown: str) -> Document:
    """The document in a YAML text, by the same rules.

    Args:
        text: The text.
        path: The file that it comes from.
        shown: How messages call it.

    Raises:
        DocumentError: As `read_document` does.
    """
    builder = _Builder(shown)
    try:
        node = yaml.compose(text, Loader=_Loader)
        content = builder.build(node, ()) if node is not None else {}
    except yaml.YAMLError as error:
        raise DocumentError([f"{shown}:{_line_of(error, text)}: {_reason(error)}"]) from error
    except RecursionError:
        raise DocumentError([f"{shown}:1: this file is nested too deeply to be read."]) from None
    if builder.problems:
        raise DocumentError(builder.problems)
    if not isinstance(content, dict):
        raise DocumentError([f"{shown}:1: a mapping of fields is expected, got {content!r:.80}."])
    return Document(path=path, content=content, lines=builder.lines)


def _text(path: Path, shown: str) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DocumentError([f"There is no file {path}; check the path."]) from None
    except IsADirectoryError:
        raise DocumentError([f"{path} is a folder; name a YAML file."]) from None
    except OSError as error:
        raise DocumentError([f"{path} cannot be read: {error.strerror}."]) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        byte = f"0x{data[error.start]:02x}"
        message = f"{shown}:{line}: the byte {byte} is not UTF-8; save the file as UTF-8."
        raise DocumentError([message]) from error


class _AliasError(yaml.MarkedYAMLError):
    """A document repeats a value by an alias."""


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise _AliasError(
                problem=f"*{event.anchor} is a YAML alias; write the value out",
                problem_mark=event.start_mark,
            )
        return super().compose_node(parent, index)


class _Builder:
    """Turns YAML nodes into values, noting lines and what is wrong."""

    def __init__(self, shown: str) -> None:
        self.lines: dict[FieldPath, int] = {(): 1}
        self.problems: list[str] = []
        self._shown = shown
        self._constructor = yaml.constructor.SafeConstructor()

    def build(self, node: yaml.Node, path: FieldPath) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if node.tag not in _TAGS:
            return self._note(node, f"has the YAML tag {node.tag}; write plain values only.")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        if node.tag == "tag:yaml.org,2002:timestamp":
            return str(node.value)
        try:
            return self._constructor.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            return self._note(node, f"is a value that YAML cannot read: {error}.")

    def _mapping(self, node: yaml.MappingNode, path: FieldPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if not isinstance(key_node, yaml.ScalarNode):
                self._note(key_node, "is not a name; a field's name must be plain text.")
            elif key in result:
                first = self.lines[(*path, key)]
                again = f"gives `{show_path((*path, key))}` a second time; line {first} does too."
                self._note(key_node, again)
            else:
                self.lines[(*path, key)] = key_node.start_mark.line + 1
                result[key] = self.build(value_node, (*path, key))
        return result

    def _note(self, node: yaml.Node, message: str) -> None:
        self.problems.append(f"{self._shown}:{node.start_mark.line + 1}: this line {message}")


def _line_of(error: yaml.YAMLError, text: str) -> int:
    if isinstance(error, yaml.reader.ReaderError):
        return text[: error.position].count("\n") + 1
    mark = getattr(error, "problem_mark", None)
    return 1 if mark is None else int(mark.line) + 1


def _reason(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.reader.ReaderError):
        return f"the character U+{error.character:04X} may not stand in YAML; remove it."
    problem = getattr(error, "problem", None) or str(error)
    if isinstance(error, _AliasError):
        return f"{problem}."
    advice = " Indent with spaces, not with tabs." if "'\\t'" in problem else ""
    return f"this is not valid YAML: {problem}.{advice}"
