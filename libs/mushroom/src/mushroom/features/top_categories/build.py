"""The query that counts events by the values of a vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from mushroom.catalog import Catalog, entity_id
from mushroom.features.event_windows.names import category_source
from mushroom.features.expressions import as_float, column, divide, or_zero
from mushroom.features.learned.method import State
from mushroom.features.learned.rows import event_steps, one_row_each
from mushroom.features.top_categories.check import check_top_categories
from mushroom.features.top_categories.counts import Counted, counted, counts, placed
from mushroom.features.top_categories.options import TopCategoriesOptions
from mushroom.query import LocalRows, PhysicalTable, Query

__all__ = ["build_top_categories"]


def build_top_categories(
    options: TopCategoriesOptions, *, catalog: Catalog, entities: pa.Table, state: State
) -> Query:
    """The query that counts each entity's events by their category's value, per window.

    Events and windows are those of `event_windows`. Of each value of the vocabulary, and of all
    others together (``other``): the ``count`` of events, their ``share`` of the window's events
    that have a value (NULL without any), and of each measure the ``sum``.

    Args:
        options: What to compute.
        catalog: A checked catalogue that has the table.
        entities: Entity rows, unique in (entity_id, as_of).
        state: The vocabulary.

    Returns:
        A query as `FeatureMethod.build` has it, whose columns tell values by their place:
        ``<window>.<category>.<place>.<aggregate>``; see `name_values`.

    Raises:
        FeatureError: If the catalogue lacks what the options name.
    """
    table = check_top_categories(options, catalog)
    measures, categories = options.measures_of(table), options.categories_of(table)
    windows = options.parsed_windows
    steps = event_steps(
        catalog, options.table, measures=measures, categories=categories, windows=windows
    )
    columns: dict[str, exp.Expr] = {}
    joined = []
    for position, name in enumerate(categories):
        source = category_source(position)
        cells = counted(windows, range(1, _places(state, name) + 1), measures)
        steps[f"placed_{position}"] = placed(name)
        steps[source] = counts(f"placed_{position}", cells, windows)
        columns |= dict(_columns(options, source, name, cells))
        joined.append(source)
    return Query(
        tree=one_row_each(steps, columns, joined=joined),
        relations={
            "entities": LocalRows(rows=entities),
            "events": PhysicalTable(name=table.table),
            "vocabulary": LocalRows(rows=state["vocabulary"]),
        },
        by_entity={"events": entity_id(table)},
    )


def _places(state: State, name: str) -> int:
    places: int = pc.sum(pc.equal(state["vocabulary"]["category"], name), min_count=0).as_py()
    return places


def _columns(
    options: TopCategoriesOptions, source: str, name: str, cells: Sequence[Counted]
) -> Iterator[tuple[str, exp.Expr]]:
    for cell in cells:
        prefix = f"{cell.window.label}.{name}.{cell.place or 'other'}"
        value = or_zero(column(cell.name, source))
        if cell.measure is not None:
            yield f"{prefix}.{cell.measure}.sum", as_float(value)
            continue
        if "count" in options.aggregates:
            yield f"{prefix}.count", value
        if "share" in options.aggregates:
            all_of_window = column(f"all__{cell.window.label}", source)
            yield f"{prefix}.share", divide(as_float(value.copy()), as_float(all_of_window))
