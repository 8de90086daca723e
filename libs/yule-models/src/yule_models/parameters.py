"""Parameters of models: described without loading any model library, and checked."""

from __future__ import annotations

import difflib
import math
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yule_models.errors import ModelParameterError
from yule_models.parameter_choice import Choice
from yule_models.search_range import SearchRange

__all__ = ["AUTO", "Auto", "BySize", "ColumnSigns", "KindDescription", "Parameter", "Tried"]

AUTO = "auto"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter of a kind of model; its type is that of its default.

    Attributes:
        default: Its value where none is given.
        doc: What it does.
        minimum: Least value.
        maximum: Largest value; None: no limit.
        is_above_minimum: Whether the least value itself is excluded.
        search: Which values a search tries; None: it leaves the parameter alone.
    """

    default: bool | int | float
    doc: str
    minimum: float = 0
    maximum: float | None = None
    is_above_minimum: bool = False
    search: SearchRange | None = None

    def json_schema(self) -> dict[str, Any]:
        """Return the parameter's JSON Schema."""
        schema: dict[str, Any] = {"default": self.default, "description": self.doc}
        if self.search is not None:
            schema["description"] += f" Searched {self.search}."
        if isinstance(self.default, bool):
            return {"type": "boolean", **schema}
        schema["exclusiveMinimum" if self.is_above_minimum else "minimum"] = self.minimum
        if self.maximum is not None:
            schema["maximum"] = self.maximum
        return {"type": "integer" if isinstance(self.default, int) else "number", **schema}

    def normal(self, value: bool | int | float) -> bool | int | float:
        """Return a valid value in the default's type: 1 and 1.0 are one configuration."""
        return type(self.default)(value)

    def problem(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        if isinstance(self.default, bool):
            return None if isinstance(value, bool) else "must be true or false"
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            return "must be a finite number"
        if isinstance(self.default, int) and not float(value).is_integer():
            return "must be a whole number"
        if value < self.minimum or (self.is_above_minimum and value == self.minimum):
            return f"must be {'above' if self.is_above_minimum else 'at least'} {self.minimum:g}"
        if self.maximum is not None and value > self.maximum:
            return f"must be at most {self.maximum:g}"
        return None


@dataclass(frozen=True, kw_only=True)
class Auto:
    """A parameter that is `auto` where it is not given.

    Attributes:
        number: The parameter where a number is given.
    """

    number: Parameter

    @property
    def default(self) -> str:
        """Its value where none is given."""
        return AUTO

    @property
    @abstractmethod
    def doc(self) -> str:
        """What it does."""

    @abstractmethod
    def choose(self, value: Any, rows: int) -> int | float:
        """Return a valid value as a number, by the number of training rows."""

    def json_schema(self) -> dict[str, Any]:
        """Return the parameter's JSON Schema."""
        number = self.number.json_schema()
        del number["default"], number["description"]
        searched = "" if self.number.search is None else f" Searched {self.number.search}."
        described = {"default": self.default, "description": f"{self.doc}{searched}"}
        return {"anyOf": [{"const": AUTO}, number], **described}

    def normal(self, value: Any) -> str | int | float:
        """Return a valid value in one form."""
        return AUTO if value == AUTO else self.number.normal(value)

    def problem(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        problem = None if value == AUTO else self.number.problem(value)
        return problem and f"{problem}, or be {AUTO}"


@dataclass(frozen=True, kw_only=True)
class BySize(Auto):
    """A parameter that is chosen by the number of training rows; the number's default suits many.

    Attributes:
        of_few_rows: The value for fewer than `few_rows` rows.
        few_rows: How many rows are many.
    """

    of_few_rows: int | float
    few_rows: int

    @property
    def doc(self) -> str:
        """What it does."""
        many, few = self.number.default, self.of_few_rows
        return f"{self.number.doc} {AUTO}: {many:g}, and {few:g} below {self.few_rows:,} rows."

    def choose(self, value: Any, rows: int) -> int | float:
        """Return a valid value as a number, by the number of training rows."""
        if value == AUTO:
            return self.of_few_rows if rows < self.few_rows else self.number.default
        return self.number.normal(value)


@dataclass(frozen=True, kw_only=True)
class Tried(Auto):
    """A parameter whose values a fit tries; the number's default is for fits without inner rows.

    Attributes:
        values: What is tried, one after another, until it gets worse; of equals the first is taken.
    """

    values: tuple[float, ...]

    @property
    def doc(self) -> str:
        """What it does."""
        tried = ", ".join(f"{value:,g}" for value in self.values)
        return (
            f"{self.number.doc} {AUTO}: the best of {tried} for rows that are set aside, and "
            f"{self.number.default:g} where there are none."
        )

    def choose(self, value: Any, rows: int) -> int | float:
        """Return a valid value as a number: where nothing can be tried, that of the number."""
        del rows
        return self.number.default if value == AUTO else self.number.normal(value)


@dataclass(frozen=True, kw_only=True)
class ColumnSigns:
    """A parameter that gives some columns a sign, 1 or -1; by default none has one.

    Attributes:
        doc: What it does.
    """

    doc: str

    @property
    def default(self) -> dict[str, int]:
        """Its value where none is given."""
        return {}

    def json_schema(self) -> dict[str, Any]:
        """Return the parameter's JSON Schema."""
        signs = {"enum": [-1, 1]}
        described = {"default": self.default, "description": self.doc}
        return {"type": "object", "additionalProperties": signs, **described}

    def normal(self, value: Mapping[str, float]) -> dict[str, int]:
        """Return a valid value in one form."""
        return {name: int(value[name]) for name in sorted(value)}

    def problem(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        is_valid = isinstance(value, Mapping) and all(
            isinstance(name, str) and not isinstance(sign, bool) and sign in (-1, 1)
            for name, sign in value.items()
        )
        return None if is_valid else "must give columns 1 or -1, as {age: 1}"


@dataclass(frozen=True, kw_only=True)
class KindDescription:
    """A kind of model, as configurations and editors see it.

    Attributes:
        kind: Its name.
        summary: What it is, in one sentence.
        estimator: Where its class lies, as `module:class`.
        engine: The distribution that fits; its major.minor version is part of a fit's identity.
        parameters: Its parameters by name.
        memory_gib: Memory to declare for a fit.
        resumes: Whether an interrupted fit goes on from a checkpoint.
        learns_together: Whether its targets help each other, so that auxiliary ones are of use.
        reads_sequences: Whether it looks at columns of lists.
        rivals: Two parameters of which at most one may differ from its default, and why; pairs.
    """

    kind: str
    summary: str
    estimator: str
    engine: str
    parameters: Mapping[str, Parameter | Auto | ColumnSigns | Choice]
    memory_gib: float = 2
    resumes: bool = False
    learns_together: bool = False
    reads_sequences: bool = False
    rivals: tuple[tuple[str, str, str], ...] = ()

    @property
    def search(self) -> dict[str, SearchRange]:
        """Of the parameters that a search tries, the ranges of values."""
        numbers = {
            name: parameter.number if isinstance(parameter, Auto) else parameter
            for name, parameter in self.parameters.items()
        }
        return {
            name: number.search
            for name, number in numbers.items()
            if isinstance(number, Parameter) and number.search is not None
        }

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the kind's `params`."""
        return {
            "type": "object",
            "description": self.summary,
            "additionalProperties": False,
            "properties": {name: p.json_schema() for name, p in self.parameters.items()},
        }

    def check(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters with every default filled in.

        Raises:
            ModelParameterError: If a parameter is unknown, or a value impossible, by itself or
                beside another.
        """
        for name, value in params.items():
            if name not in self.parameters:
                raise ModelParameterError(
                    f"The kind {self.kind!r} has no parameter {name!r}; "
                    f"{_advice(name, list(self.parameters))}",
                    path=("params", name),
                )
            problem = self.parameters[name].problem(value)
            if problem is not None:
                raise ModelParameterError(
                    f"The parameter {name!r} of the kind {self.kind!r} {problem}, got {value!r}.",
                    path=("params", name),
                )
        checked = {
            name: parameter.normal(params.get(name, parameter.default))
            for name, parameter in self.parameters.items()
        }
        for one, other, reason in self.rivals:
            if all(checked[name] != self.parameters[name].default for name in (one, other)):
                raise ModelParameterError(
                    f"The parameters {one!r} and {other!r} exclude each other: {reason} Leave one "
                    "of them out.",
                    path=("params", one),
                )
        return checked


def _advice(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"it has {', '.join(known)}." if known else "it has none."
