"""The section `labels` of a case file: the rows to learn from, and what to predict."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StrictInt, StrictStr, model_validator

from yule_cli.config.fields import Duration, NameSchema, Section, checked_name

__all__ = ["Labels", "TargetEntry"]

_TAKEN = (
    "entity_id",
    "as_of",
    "data_until",
    "fold",
    "label_end",
    "gap_end",
    "model_version",
    "row_weight",
)


def _checked_target(value: str) -> str:
    try:
        checked_name(value)
    except ValueError as error:
        raise ValueError(f"{error}, and say the column that it is in by `column`") from error
    if value in _TAKEN:
        raise ValueError(f"{value} is a column of Yule's own; give the target another name")
    return value


def _checked_classes(value: list[Any] | None) -> list[Any] | None:
    if value is not None and (len(value) < 2 or len(set(value)) < len(value)):
        raise ValueError("name at least two classes, each once")
    if value is not None and len({type(label) for label in value}) > 1:
        raise ValueError("write all classes as text, or all as whole numbers")
    return value


TargetName = Annotated[str, AfterValidator(_checked_target), NameSchema]
TargetKind = Literal["binary", "multiclass", "regression"]


class TargetEntry(Section):
    """What is to be predicted."""

    kind: TargetKind = Field(
        default="binary",
        description="binary: 0 and 1, or false and true; multiclass: whole numbers or texts; "
        "regression: numbers.",
    )
    column: str | None = Field(
        default=None,
        description="Column of the label table, empty where a row has no label of this target; the "
        "target's name by default.",
    )
    classes: Annotated[list[StrictInt | StrictStr] | None, AfterValidator(_checked_classes)] = (
        Field(
            default=None,
            description="All classes of a multiclass target, in the order in which they are shown; "
            "sorted by default.",
        )
    )

    auxiliary: bool = Field(
        default=False,
        description="Whether the target is only there to help networks learn the others; it is "
        "neither predicted nor reported.",
    )
    weight: float = Field(
        default=1.0,
        gt=0,
        allow_inf_nan=False,
        description="What its loss counts in networks, which learn all targets together.",
    )

    @model_validator(mode="after")
    def _classes_suit_the_kind(self) -> Self:
        if self.classes is not None and self.kind != "multiclass":
            raise ValueError(f"only a multiclass target has classes, and this one is {self.kind}")
        return self


def _something_to_predict(
    value: dict[str, TargetKind | TargetEntry],
) -> dict[str, TargetKind | TargetEntry]:
    if all(isinstance(entry, TargetEntry) and entry.auxiliary for entry in value.values()):
        raise ValueError("all targets are auxiliary; leave `auxiliary` out of what is wanted")
    return value


class Labels(Section):
    """The rows to learn from: who, when, and what happened after."""

    table: str | list[str] = Field(
        description="Table of the warehouse, or several that are put together."
    )
    entity: str = Field(description="Column with the entity's id.")
    as_of: str = Field(description="Column with the time at which each row is described.")
    data_until: str | None = Field(
        default=None,
        description="Column with the time up to which data may be used; `as_of` by default.",
    )
    weight: str | None = Field(
        default=None,
        description="Column with the weight of each row, at least 0, by which models, metrics and "
        "ensembles count it; only ratios matter, and a row of weight 0 is left out. All count "
        "alike by default.",
    )
    horizon: Duration = Field(description="How far after `as_of` a label looks: 60d, 12h, 8w.")
    targets: Annotated[
        dict[TargetName, TargetKind | TargetEntry], AfterValidator(_something_to_predict)
    ] = Field(
        min_length=1,
        description="Targets by name. Networks learn all of them together.",
    )
    known_until: str = Field(
        default="latest",
        description="Date or time until which outcomes are known, and so the end of any label's "
        "horizon; `latest` is the day of the last event of the catalogue.",
    )

    @property
    def tables(self) -> list[str]:
        """The tables that hold the labels: one or several."""
        return [self.table] if isinstance(self.table, str) else [*self.table]
