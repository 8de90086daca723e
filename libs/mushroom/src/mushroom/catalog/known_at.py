"""When a column's value is known, where that is later than its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Protocol, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

from mushroom.durations import DurationError, parse_duration_s

__all__ = ["KnownAt", "NamedKnownAt", "known_with_row"]


_OUTCOME = "outcome"


class _Column(Protocol):
    @property
    def known_at(self) -> KnownAt | None: ...


def _check_after(text: str) -> str:
    try:
        if text != _OUTCOME:
            parse_duration_s(text)
    except DurationError as error:
        raise ValueError(f"{str(error).removesuffix('.')}; or write `outcome`") from error
    return text


def _column_shorthand(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


class KnownAt(BaseModel):
    """When a value is known, if not with its row.

    Attributes:
        column: The table's column with the time at which it is known; a row without one is not
            known yet.
        after: How long after the row's own time, such as `7d`; or `outcome`: not before what is to
            be predicted has happened, so that no feature may use it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str | None = None
    after: Annotated[str, AfterValidator(_check_after)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.column is None) == (self.after is None):
            raise ValueError("give either `column` or `after`")
        return self

    @property
    def is_after_outcome(self) -> bool:
        """Whether no feature may use it."""
        return self.after == _OUTCOME

    @property
    def delay_s(self) -> int | None:
        """Seconds after the row's own time; None where a column tells, or nothing does."""
        return None if self.after is None or self.is_after_outcome else parse_duration_s(self.after)

    def __str__(self) -> str:
        """Say when, to go on after "is known"."""
        if self.is_after_outcome:
            return "only after the outcome"
        return f"{self.after} after its row" if self.column is None else f"at `{self.column}`"


NamedKnownAt = Annotated[KnownAt, BeforeValidator(_column_shorthand)]


def known_with_row(columns: Mapping[str, _Column]) -> tuple[str, ...]:
    """The names, sorted, of the measures, categories or columns that are known with their row.

    These are what a method takes where it is not told which: what is known later has to be asked
    for by name.
    """
    return tuple(sorted(name for name, column in columns.items() if column.known_at is None))
