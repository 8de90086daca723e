"""Labels: how a configuration declares them, and how their rows are checked."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from mushroom.durations import parse_duration_s
from mushroom.entities import KEYS, check_present, entity_rows, unique_rows
from mushroom.errors import EntityError, about
from mushroom.parsing import parse_options

__all__ = ["ROW_WEIGHT", "LabelOptions", "TargetOptions", "labelled_rows", "parse_labels"]

ROW_WEIGHT = "row_weight"
"""The column of labelled rows that says how much each counts."""
_OF_WEIGHT = " with a weight above 0"

Kind = Literal["binary", "multiclass", "regression"]


class TargetOptions(BaseModel):
    """One thing to predict."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str = Field(description="The column that holds it.")
    kind: Kind = Field(default="binary", description="What kind of value it is.")


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _as_target(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


class LabelOptions(BaseModel):
    """Where the labelled rows lie and what their columns mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = Field(
        min_length=1, description="The warehouse's table, or several that are read as one."
    )
    entity: str = Field(description="The column with the entity's id.")
    as_of: str = Field(description="The column with the time that a row speaks of.")
    data_until: str | None = Field(
        default=None, description="The column that says until when data may be used; else `as_of`."
    )
    weight: str | None = Field(
        default=None,
        description="The column that says how much a row counts, at least 0; a row of 0 is left "
        "out. Else all count alike.",
    )
    horizon: str = Field(description="How far behind `as_of` the labels look, such as 60d or 12h.")
    targets: dict[str, Annotated[TargetOptions, BeforeValidator(_as_target)]] = Field(
        min_length=1, description="What to predict, by name."
    )

    @field_validator("horizon")
    @classmethod
    def _horizon_is_a_length(cls, horizon: str) -> str:
        parse_duration_s(horizon)
        return horizon

    @field_validator("targets")
    @classmethod
    def _names_are_free(cls, targets: dict[str, TargetOptions]) -> dict[str, TargetOptions]:
        if clash := sorted({*KEYS, ROW_WEIGHT} & set(targets)):
            raise ValueError(f"the name {clash[0]!r} is reserved; call the target something else")
        return targets

    @property
    def horizon_s(self) -> int:
        """The horizon in seconds."""
        return parse_duration_s(self.horizon)

    @property
    def columns(self) -> dict[str, str]:
        """The columns to read, by the name that each gets."""
        keys = {"entity_id": self.entity, "as_of": self.as_of, "data_until": self.data_until}
        keys[ROW_WEIGHT] = self.weight
        targets = {name: target.column for name, target in self.targets.items()}
        return {name: column for name, column in {**keys, **targets}.items() if column is not None}


def parse_labels(labels: Any) -> LabelOptions:
    """The label options in a JSON value.

    Raises:
        EntityError: The value does not fit; the message has one line for each fault.
    """
    return parse_options(LabelOptions, labels, called="labels")


def labelled_rows(tables: dict[str, pa.Table], options: LabelOptions, *, timezone: str) -> pa.Table:
    """The labelled rows of one or several tables, checked.

    Args:
        tables: By the warehouse's name, tables with the columns `entity_id`, `as_of`, perhaps
            `data_until` and `row_weight`, and each target's name.
        options: What the targets are.
        timezone: How dates and times without a zone are read.

    Returns:
        `entity_id`, `as_of`, `data_until` and the targets (binary: int64 0 or 1; multiclass: int64
        or string; regression: float64; null where a row has no label of a target, though it has one
        of another), sorted by entity and time; where the options name weights also `row_weight`,
        float64 above 0: rows of weight 0 are left out.

    Raises:
        EntityError: There are no rows, a row has no label at all, something is of a wrong type, a
            binary target has other values than two, a target has one value only, two rows share
            entity and time, or a weight is missing, infinite or negative, or all are 0.
    """
    parts = []
    for name, table in tables.items():
        what = f"the labels' table {name!r}"
        rows = entity_rows(table, timezone=timezone, what=what)
        if options.weight is not None:
            with about("weight"):
                rows = _weighted(rows, what=f"The weight column `{options.weight}` in {what}")
        for target, option in options.targets.items():
            with about("targets", target):
                values = _target_values(rows[target], option, what=f"`{option.column}` in {what}")
            rows = rows.set_column(rows.column_names.index(target), target, values)
        _check_labelled(rows, options, what=what)
        parts.append(rows)
    names = ", ".join(repr(name) for name in tables)
    try:
        rows = pa.concat_tables(parts)
    except pa.ArrowInvalid as error:
        raise EntityError(
            f"The labels' tables {names} cannot be read as one, since their columns have different "
            f"types: {error}"
        ) from error
    if len(rows) == 0:
        raise EntityError(
            f"The labels' table {names} holds no rows{_OF_WEIGHT if options.weight else ''}; there "
            "is nothing to learn from."
        )
    for target, option in options.targets.items():
        with about("targets", target):
            _check_varied(rows[target], option, target=target)
    return unique_rows(rows, what=f"The labels' table {names}")


def _weighted(rows: pa.Table, *, what: str) -> pa.Table:
    """Return the rows that count, with their weights as numbers."""
    values = rows[ROW_WEIGHT]
    is_number = pa.types.is_integer(values.type) or pa.types.is_floating(values.type)
    if not is_number and not pa.types.is_decimal(values.type):
        raise EntityError(f"{what} must hold numbers, got {values.type}.")
    check_present(values, what=what)
    weights = values.cast(pa.float64())
    is_bad = pc.or_(pc.invert(pc.is_finite(weights)), pc.less(weights, 0))
    if bad := pc.sum(is_bad, min_count=0).as_py():
        raise EntityError(
            f"{what} holds {weights.filter(is_bad)[0].as_py()!r} in the first of {bad} rows "
            "that no fit can count by; a weight is a finite number of at least 0, and 0 leaves "
            "a row out."
        )
    rows = rows.set_column(rows.column_names.index(ROW_WEIGHT), ROW_WEIGHT, weights)
    return rows.filter(pc.greater(weights, 0))


def _check_labelled(rows: pa.Table, options: LabelOptions, *, what: str) -> None:
    """Refuse rows that no target has a label of; with one target, empty labels."""
    if len(options.targets) == 1:
        [(target, option)] = options.targets.items()
        with about("targets", target):
            check_present(rows[target], what=f"The target column `{option.column}` in {what}")
        return
    is_bare = pc.and_(*(pc.is_null(rows[target]) for target in list(options.targets)[:2]))
    for target in list(options.targets)[2:]:
        is_bare = pc.and_(is_bare, pc.is_null(rows[target]))
    if bare := pc.sum(is_bare).as_py():
        columns = ", ".join(f"`{option.column}`" for option in options.targets.values())
        with about("targets"):
            raise EntityError(
                f"{columns} in {what} are all empty in {bare} of {len(rows)} rows; leave out rows "
                "that have no label of any target."
            )


def _check_varied(values: pa.ChunkedArray, option: TargetOptions, *, target: str) -> None:
    """Refuse a target that has no label, or one value only."""
    known = values.drop_null()
    if len(known) == 0:
        raise EntityError(
            f"The target {target!r} has no label in any of the {len(values)} rows; leave it out."
        )
    if pc.count_distinct(known).as_py() < 2:
        needed = "two values" if option.kind == "regression" else "two classes"
        raise EntityError(
            f"The target {target!r} is {known[0].as_py()!r} in all {len(known)} rows; a model "
            f"needs rows of at least {needed} to learn from."
        )


def _target_values(values: pa.ChunkedArray, option: TargetOptions, *, what: str) -> pa.ChunkedArray:
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int64())
    is_number = pa.types.is_integer(values.type) or pa.types.is_floating(values.type)
    match option.kind:
        case "binary":
            seen = pc.unique(values.drop_null()).to_pylist()
            if other := [value for value in seen if value not in (0, 1)]:
                raise EntityError(
                    f"The binary target column {what} must hold 0 and 1 or false and true, got "
                    f"{min(other, key=str)!r} among others; other classes are of the kind "
                    "multiclass, amounts of the kind regression."
                )
            return values.cast(pa.int64())
        case "multiclass":
            if pa.types.is_integer(values.type):
                return values.cast(pa.int64())
            if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
                return values.cast(pa.string())
            raise EntityError(
                f"The class column {what} must hold integers or strings, got {values.type}; "
                "a number to be predicted as such is of the kind regression."
            )
        case "regression":
            if not is_number and not pa.types.is_decimal(values.type):
                raise EntityError(f"The target column {what} must hold numbers, got {values.type}.")
            numbers = values.cast(pa.float64())
            if not pc.all(pc.is_finite(numbers), min_count=0).as_py():
                raise EntityError(f"The target column {what} holds a NaN or an infinite number.")
            return numbers
