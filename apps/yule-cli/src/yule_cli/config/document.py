"""A YAML file that remembers on which line each field stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from yule_cli.errors import CaseError

__all__ = ["Document", "FieldPath", "read_document", "show_path"]

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


def read_document(path: Path) -> Document:
    """Read a YAML file.

    Raises:
        CaseError: If there is no such file, it is not YAML, it is not a mapping, a key stands in it
            twice, or it uses tags or aliases.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CaseError([f"There is no file {path}; check the path."]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError([f"{path} cannot be read: {error}."]) from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise CaseError([_syntax_problem(path, error)]) from error
    lines: dict[FieldPath, int] = {(): 1}
    content = _Builder(path, lines).build(node, ()) if node is not None else {}
    if not isinstance(content, dict):
        raise CaseError([f"{path.name}:1: a mapping of fields is expected, got {content!r}."])
    return Document(path=path, content=content, lines=lines)


class _Builder:
    """Turns YAML nodes into values, noting lines."""

    def __init__(self, path: Path, lines: dict[FieldPath, int]) -> None:
        self._path = path
        self._lines = lines
        self._constructor = yaml.constructor.SafeConstructor()
        self._seen: set[int] = set()

    def build(self, node: yaml.Node, path: FieldPath) -> Any:
        if id(node) in self._seen:
            raise self._error(node, "is a YAML alias; write the value out.")
        self._seen.add(id(node))
        if node.tag not in _TAGS:
            raise self._error(node, f"has the YAML tag {node.tag}; write plain values only.")
        self._lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        if node.tag == "tag:yaml.org,2002:timestamp":
            return str(node.value)
        try:
            return self._constructor.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            raise self._error(node, f"is a value that YAML cannot read: {error}.") from error

    def _mapping(self, node: yaml.MappingNode, path: FieldPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error(key_node, "is not a name; a field's name must be plain text.")
            if key in result:
                raise self._error(key_node, f"gives `{show_path((*path, key))}` a second time.")
            self._lines[(*path, key)] = key_node.start_mark.line + 1
            result[key] = self.build(value_node, (*path, key))
        return result

    def _error(self, node: yaml.Node, message: str) -> CaseError:
        return CaseError([f"{self._path.name}:{node.start_mark.line + 1}: this line {message}"])


def _syntax_problem(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark is not None else 1
    what = getattr(error, "problem", None) or str(error)
    return f"{path.name}:{line}: this is not valid YAML: {what}."
