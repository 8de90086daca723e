"""Rows described by features: once for all folds, or for each fold by what it may learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from gokart_store import StoredTask
from mushroom import DescribeFeatures, FeatureTable, SequencedTable, Source, feature_tasks
from yule_models import AssignFolds, TrainingEntities

from yule_cli.resolution import ResolvedCase

__all__ = ["DescribedRows"]


@dataclass(frozen=True, kw_only=True)
class DescribedRows:
    """The features of some entities.

    Attributes:
        parts: For each fold its feature tasks, in the order of the case, but for sequences.
        tables: For each fold the table that joins them. Folds that may learn from the same data
            have the same tasks.
        sequences: The features of all folds that hold sequences: no columns of a table, but
            datasets beside it.
        sequenced: For each fold its table with these beside it, for models that read sequences.
            Empty where there are none.
    """

    parts: tuple[tuple[StoredTask[Any], ...], ...]
    tables: tuple[FeatureTable, ...]
    sequences: tuple[StoredTask[Any], ...]
    sequenced: tuple[SequencedTable, ...]

    @classmethod
    def of(
        cls,
        entities: StoredTask[Any],
        resolved: ResolvedCase,
        source: Source,
        folds: Sequence[AssignFolds],
    ) -> Self:
        """Compose the tasks that describe the rows of `entities`.

        Features that learn do so until the fold's time, and in a grouped scheme from the entities
        of its training rows alone. `folds` has for each fold the task that deals it.
        """
        place = {"workspace_directory": resolved.store}
        is_grouped = resolved.validation["kind"] == "grouped"
        found = tuple(
            feature_tasks(
                entities,
                resolved.features,
                source,
                fit_until=until,
                among=TrainingEntities(folds=folds[fold], fold=fold, **place)
                if is_grouped
                else None,
            )
            for fold, until in enumerate(resolved.fit_until)
        )
        parts = tuple(tuple(p for p in own if not p.holds_sequences) for own in found)
        tables = tuple(FeatureTable(entities=entities, parts=own, **place) for own in parts)
        lists = [tuple(p for p in own if p.holds_sequences) for own in found]
        return cls(
            parts=parts,
            tables=tables,
            sequences=tuple(dict.fromkeys(p for own in lists for p in own)),
            sequenced=tuple(
                SequencedTable(table=table, sequences=own, **place)
                for table, own in zip(tables, lists, strict=True)
                if own
            ),
        )

    def table(self, fold: int, *, sequenced: bool) -> FeatureTable | SequencedTable:
        """Return the table of a fold, with or without sequences beside it."""
        return self.sequenced[fold] if sequenced else self.tables[fold]

    def to_score(self, *, sequenced: bool) -> tuple[FeatureTable | SequencedTable, ...]:
        """Return one table where all folds share it, else that of each, likewise."""
        tables = self.sequenced if sequenced else self.tables
        return tables[:1] if len(set(tables)) == 1 else tables

    @property
    def distinct(self) -> tuple[FeatureTable, ...]:
        """One table where all folds share it, else that of each fold."""
        return self.tables[:1] if len(set(self.tables)) == 1 else self.tables

    @property
    def tasks(self) -> tuple[StoredTask[Any], ...]:
        """All feature tasks and tables, each once, fold by fold."""
        all_tasks = (
            task
            for parts, table in zip(self.parts, self.tables, strict=True)
            for task in (*parts, table)
        )
        return (*dict.fromkeys(all_tasks), *self.sequences)

    @property
    def description(self) -> DescribeFeatures:
        """What there is to know of the rows; where folds differ, as the last fold sees them."""
        table = self.tables[-1]
        place = {"workspace_directory": table.workspace_directory}
        return DescribeFeatures(features=table, parts=self.parts[-1], **place)
