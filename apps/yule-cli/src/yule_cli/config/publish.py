"""The section `publish`: a table that gets the predictions."""

from typing import Literal

from pydantic import Field

from yule_cli.config.fields import Section

__all__ = ["Publish"]


class Publish(Section):
    """A table of a warehouse that predictions are written into, beside their files."""

    table: str = Field(
        min_length=1,
        description="Name of the table, which is made if there is none. One that the case reads, "
        "or that holds no predictions, is refused.",
    )
    how: Literal["replace", "append"] = Field(
        default="replace",
        description="replace: the table holds the predictions of the last run; append: they are "
        "added to it, each prediction table once, however often it is published.",
    )
    warehouse: str | None = Field(
        default=None,
        description="Where the table lies, written as `warehouse` is, whose place it takes; the "
        "warehouse of the case by default.",
    )
