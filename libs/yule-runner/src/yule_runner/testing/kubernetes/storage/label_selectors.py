"""Label selectors as text, such as `app in (a, b),!c,tier=x` (apimachinery pkg/labels)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from yule_runner.testing.kubernetes.api.names import label_value_errors, qualified_name_errors
from yule_runner.testing.kubernetes.status import ApiError, bad_request

__all__ = ["Labels", "compare", "parse_labels"]

Labels = Mapping[str, str]
Check = Callable[[Labels], bool]

_TOKEN = re.compile(r"\s*(==|!=|[=!(),<>]|[^\s=!(),<>]+|$)")
_SIGNS = ("in", "notin", "=", "==", "!=", ">", "<")
_NUMERIC = (">", "<")
_ALL_SIGNS = "in, notin, =, ==, !=, gt, lt"
_REQUIREMENT = "unable to parse requirement: "


def parse_labels(text: str) -> list[Check]:
    """Return what a selector asks of labels.

    Raises:
        ApiError: 400, in the API server's words.
    """
    return _Parser(text).requirements()


def compare(value: str | None, sign: str, limit: str) -> bool:
    """Compare two texts as whole numbers; what is none is neither more nor less."""
    try:
        number, bound = int(value or ""), int(limit)
    except ValueError:
        return False
    return number > bound if sign == ">" else number < bound


class _Parser:
    """Reads one token after the other; an empty one is the end."""

    def __init__(self, text: str) -> None:
        self._tokens = [found[1] for found in _TOKEN.finditer(text)]

    def requirements(self) -> list[Check]:
        """Read all, up to the end."""
        checks: list[Check] = []
        while self._next:
            if not self._begins_requirement():
                raise self._refusal(self._next, "!, identifier, or 'end of string'", prefix="")
            checks.append(self._requirement())
            if not self._next:
                break
            if (word := self._take()) != ",":
                raise self._refusal(word, "',' or 'end of string'", prefix="")
            if not self._begins_requirement():
                raise self._refusal(self._next, "identifier after ','", prefix="")
        return checks

    @property
    def _next(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def _take(self) -> str:
        return self._tokens.pop(0) if self._tokens else ""

    def _begins_requirement(self) -> bool:
        return self._next == "!" or _is_word(self._next)

    def _requirement(self) -> Check:
        is_absent = self._next == "!"
        if is_absent:
            self._take()
        key = self._take()
        if not _is_word(key):
            raise self._refusal(key, "identifier")
        _refuse(key, qualified_name_errors(key))
        if is_absent:
            return lambda labels: key not in labels
        if self._next in ("", ","):
            return lambda labels: key in labels
        sign = self._take()
        if sign not in _SIGNS:
            raise self._refusal(sign, _ALL_SIGNS)
        values = self._values() if sign in ("in", "notin") else [self._value()]
        return _check(key, sign, values)

    def _values(self) -> list[str]:
        """Read a list in parentheses; between two commas is an empty value."""
        if (word := self._take()) != "(":
            raise bad_request(f"{_REQUIREMENT}found '{word}' expected: '('")
        values = [""] if self._next in (",", ")") else []
        while (word := self._take()) != ")":
            if _is_word(word):
                values.append(word)
                if self._next not in (",", ")"):
                    raise self._refusal(self._next, "',' or ')'")
            elif word == ",":
                values += [""] if self._next in (",", ")") else []
            else:
                raise self._refusal(word, "',', or identifier")
        return values

    def _value(self) -> str:
        if self._next in ("", ","):
            return ""
        if not _is_word(self._next):
            raise self._refusal(self._next, "identifier")
        return self._take()

    def _refusal(self, found: str, expected: str, *, prefix: str = _REQUIREMENT) -> ApiError:
        return bad_request(f"{prefix}found '{found}', expected: {expected}")


def _check(key: str, sign: str, values: list[str]) -> Check:
    if sign in _NUMERIC and not re.fullmatch("[+-]?[0-9]+", values[0]):
        _refuse(values[0], ["for 'Gt', 'Lt' operators, the value must be an integer"])
    for value in values:
        _refuse(value, label_value_errors(value))
    match sign:
        case "=" | "==" | "in":
            return lambda labels: key in labels and labels[key] in values
        case "!=" | "notin":
            return lambda labels: labels.get(key) not in values
        case _:
            return lambda labels: compare(labels.get(key), sign, values[0])


def _refuse(value: str, rules: list[str]) -> None:
    """Refuse a key or value; its place has no name."""
    if rules:
        text = f"<nil>: Invalid value: {json.dumps(value)}: {'; '.join(rules)}"
        raise bad_request(f"{_REQUIREMENT}{text}")


def _is_word(token: str) -> bool:
    return bool(token) and not re.fullmatch("==|!=|[=!(),<>]", token)
