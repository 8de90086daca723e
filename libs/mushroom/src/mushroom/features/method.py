"""What a feature method is: options, and a query made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pydantic import BaseModel, ValidationError

from mushroom.catalog import Catalog
from mushroom.features.error import FeatureError
from mushroom.features.option_faults import option_faults
from mushroom.query import Query

__all__ = ["FeatureMethod"]


@dataclass(frozen=True, kw_only=True)
class FeatureMethod:
    """A way to describe entities, shared by all cases.

    Attributes:
        name: How a configuration calls it.
        summary: What it computes, in one sentence.
        cost: What it reads and holds, for people who choose methods; it goes on after "Cost: ".
        options: The frozen pydantic model of its options; unknown ones are refused.
        check: Takes options and a catalogue, and raises `FeatureError` where they do not fit.
        build: Takes options, a checked ``catalog`` and ``entities`` rows (``entity_id``, ``as_of``,
            ``data_until``), and makes the query for one row per entity row: ``entity_id``,
            ``as_of``, the facts (`mushroom.features.facts`), the feature columns; sorted by the
            first two.
    """

    name: str
    summary: str
    cost: str
    options: type[BaseModel]
    check: Callable[[Any, Catalog], object]
    build: Callable[..., Query]

    def parse(self, options: object) -> BaseModel:
        """The options as a model.

        Raises:
            FeatureError: If one is unknown, missing, or has a value that it cannot have.
        """
        try:
            return self.options.model_validate(options)
        except ValidationError as error:
            raise option_faults(error, known=tuple(self.options.model_fields)) from error

    def query(self, options: BaseModel, *, catalog: Catalog, entities: pa.Table) -> Query:
        """The query that computes the features of these entity rows.

        Raises:
            FeatureError: If the options do not fit the catalogue, or the ids are of another type
                than the table's.
        """
        self.check_entities(options, catalog, entities)
        return self.build(options, catalog=catalog, entities=entities)

    def check_entities(
        self, options: BaseModel, catalog: Catalog, entities: pa.Table | None
    ) -> None:
        """Check that the options fit the catalogue, and the entities' ids the table's.

        Raises:
            FeatureError: If they do not.
        """
        table = self.check(options, catalog)
        if entities is not None:
            types: dict[str, str] = getattr(table, "types", {})
            expected = types.get(getattr(table, "entity", ""))
            _check_ids(entities.schema.field("entity_id").type, expected)


def _check_ids(found: pa.DataType, column_type: str | None) -> None:
    expected = pa.int64() if column_type == "INT64" else pa.string()
    if column_type is not None and found not in (expected, pa.null()):
        raise FeatureError(
            f"The entity ids are of the type {found}, and the table's are {column_type}; use ids "
            "of one type."
        )
