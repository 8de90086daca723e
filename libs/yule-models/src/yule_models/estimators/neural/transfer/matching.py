"""Which features a trunk knows, and which it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from yule_models.encoding import FeatureColumns
from yule_models.encoding.piecewise import PiecewiseLinear
from yule_models.encoding.standard import Standardiser
from yule_models.encoding.vocabulary import Vocabulary

__all__ = ["Matching", "match_columns"]


@dataclass(frozen=True, kw_only=True)
class Matching:
    """The features of a new table beside those of a trunk.

    A feature is the same where its name is, and both hold numbers, or both categories.

    Attributes:
        columns: The new table's columns. Categories that the trunk knows have the codes that it
            gave them; new ones come after.
        known: Features that both have, in the order of the new table.
        new: Features that the trunk does not know, likewise.
        lacking: Features of the trunk that the new table has not, in the trunk's order.
    """

    columns: FeatureColumns
    known: tuple[str, ...]
    new: tuple[str, ...]
    lacking: tuple[str, ...]

    def encoding(
        self, own: PiecewiseLinear, trunk: PiecewiseLinear, of: FeatureColumns
    ) -> PiecewiseLinear:
        """Return the bins of the new table: the trunk's where it knows the feature.

        Args:
            own: As learned from the new rows.
            trunk: The trunk's.
            of: The trunk's columns.
        """
        edges = own.edges.copy()
        edges[self._numeric(self.columns)] = trunk.edges[self._numeric(of)]
        return PiecewiseLinear(edges=edges)

    def standardiser(
        self, own: Standardiser, trunk: Standardiser, of: FeatureColumns
    ) -> Standardiser:
        """Return what standardises the new table, likewise."""
        means, scales = own.means.copy(), own.scales.copy()
        here, there = self._numeric(self.columns), self._numeric(of)
        means[here], scales[here] = trunk.means[there], trunk.scales[there]
        return Standardiser(means=means, scales=scales)

    def positions(self, names: Sequence[str], of: FeatureColumns) -> list[int]:
        """Return where features stand among embeddings: numbers first, then categories."""
        place = {name: position for position, name in enumerate(of.ordered)}
        return [place[name] for name in names]

    def _numeric(self, of: FeatureColumns) -> list[int]:
        place = {name: position for position, name in enumerate(of.numeric)}
        return [place[name] for name in self.known if name in place]


def match_columns(own: FeatureColumns, trunk: FeatureColumns) -> Matching:
    """Compare the columns of a new table with those of a trunk.

    Args:
        own: As learned from the new rows.
        trunk: The trunk's.
    """
    known = tuple(
        name
        for name in own.names
        if name in trunk.names and (name in own.vocabularies) == (name in trunk.vocabularies)
    )
    vocabularies = {
        name: _extended(trunk.vocabularies[name], vocabulary) if name in known else vocabulary
        for name, vocabulary in own.vocabularies.items()
    }
    return Matching(
        columns=replace(own, vocabularies=vocabularies),
        known=known,
        new=tuple(name for name in own.names if name not in known),
        lacking=tuple(name for name in trunk.names if name not in known),
    )


def _extended(known: Vocabulary, found: Vocabulary) -> Vocabulary:
    new = (value for value in found.values if value not in set(known.values))
    return Vocabulary(values=(*known.values, *new))
