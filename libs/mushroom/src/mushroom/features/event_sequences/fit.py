"""The codes of categories: their most frequent values until a time."""

from __future__ import annotations

from mushroom.catalog import Catalog
from mushroom.features.event_sequences.check import check_event_sequences
from mushroom.features.event_sequences.options import EventSequencesOptions
from mushroom.features.learned.method import Fitting
from mushroom.features.top_categories.fit import frequent_values
from mushroom.query import Query

__all__ = ["gather_codes"]


def gather_codes(options: EventSequencesOptions, *, catalog: Catalog, fitting: Fitting) -> Query:
    """The query for the values that have codes, the first of them 2; see `frequent_values`.

    Raises:
        FeatureError: If the catalogue lacks what the options name.
    """
    table = check_event_sequences(options, catalog)
    return frequent_values(
        options.table,
        options.categories_of(table),
        values=options.values,
        catalog=catalog,
        fitting=fitting,
    )
