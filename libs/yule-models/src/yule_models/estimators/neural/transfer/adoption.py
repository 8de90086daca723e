"""Gives a network the weights of a trunk that knows some of its features."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from yule_models.encoding.vocabulary import MISSING, OTHER
from yule_models.estimators.neural.embedding import FeatureEmbedding
from yule_models.estimators.neural.network import Adoption, LayeredNetwork
from yule_models.estimators.neural.transfer.matching import Matching
from yule_models.estimators.neural.transfer.trunk import Trunk

__all__ = ["adopt"]

_EMBEDDING = "embedding."
_MOST_FREQUENT = OTHER + 1


@torch.no_grad()
def adopt(network: LayeredNetwork, trunk: Trunk, matching: Matching) -> None:
    """Put a trunk's weights into a network that has just been made.

    Features that the trunk knows are embedded as it did. New ones have embeddings of their own, and
    count nothing until the first layer learns to read them. Lacking ones count for good as
    somebody's with the mean of the number, or the most frequent category. New categories begin as
    those that the trunk did not tell apart.

    Args:
        network: The new network, over the columns of `matching`.
        trunk: The trunk.
        matching: Its features beside the new ones.
    """
    earlier = _embedding_of(trunk)
    _adopt_embeddings(network.embedding, earlier, trunk, matching)
    size = network.embedding.size
    known = matching.positions(matching.known, matching.columns)
    new = matching.positions(matching.new, matching.columns)
    sources = matching.positions(matching.known, trunk.columns)
    lacking = matching.positions(matching.lacking, trunk.columns)
    usual = _usual(trunk, earlier).reshape(-1, size)[lacking].flatten()
    network.adopt(
        trunk.state,
        Adoption(
            known=_units(known, size),
            sources=_units(sources, size),
            new=_units(new, size),
            lacking=_units(lacking, size),
            usual=usual,
        ),
    )


def _units(positions: list[int], size: int) -> Tensor:
    firsts = torch.tensor(positions, dtype=torch.int64)[:, None] * size
    return (firsts + torch.arange(size)).flatten()


def _embedding_of(trunk: Trunk) -> FeatureEmbedding:
    columns = trunk.columns
    embedding = FeatureEmbedding(
        numeric=len(columns.numeric),
        bins=trunk.encoding.bins,
        sizes=[vocabulary.size for vocabulary in columns.vocabularies.values()],
        size=trunk.architecture["embedding"],
    )
    own = {
        name.removeprefix(_EMBEDDING): value
        for name, value in trunk.state.items()
        if name.startswith(_EMBEDDING)
    }
    embedding.load_state_dict(own)
    return embedding


def _adopt_embeddings(
    own: FeatureEmbedding, earlier: FeatureEmbedding, trunk: Trunk, matching: Matching
) -> None:
    here, there = list(matching.columns.numeric), list(trunk.columns.numeric)
    numeric = [name for name in matching.known if name in there]
    places, sources = ([of.index(name) for name in numeric] for of in (here, there))
    own.numeric_weight[places] = earlier.numeric_weight[sources]
    own.numeric_bias[places] = earlier.numeric_bias[sources]
    starts = dict(zip(matching.columns.vocabularies, own.first_codes.tolist(), strict=True))
    origins = dict(zip(trunk.columns.vocabularies, earlier.first_codes.tolist(), strict=True))
    for name in matching.known:
        if name in origins:
            start, origin = starts[name], origins[name]
            size = matching.columns.vocabularies[name].size
            count = trunk.columns.vocabularies[name].size
            table, source = own.categories.weight, earlier.categories.weight
            table[start : start + count] = source[origin : origin + count]
            table[start + count : start + size] = source[origin + OTHER]


def _usual(trunk: Trunk, embedding: FeatureEmbedding) -> Tensor:
    """Return the embedding of a row of means and most frequent categories, of shape (width,)."""
    means = trunk.standardiser.means
    values = np.sign(means) * np.expm1(np.abs(means))
    positions = torch.from_numpy(trunk.encoding.positions(values[None]))
    codes = [
        _MOST_FREQUENT if vocabulary.values else MISSING
        for vocabulary in trunk.columns.vocabularies.values()
    ]
    table = torch.tensor([codes], dtype=torch.int32).reshape(1, len(codes))
    usual: Tensor = embedding(positions, torch.zeros_like(positions), table)[0]
    return usual
