"""A recurrent network over the last events of an entity, beside its other features.

Cho et al. (2014), "Learning Phrase Representations using RNN Encoder-Decoder for Statistical
Machine Translation" (the gated recurrent unit).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor, nn

from yule_models.encoding.events import EventLists, SequenceEncoding, learn_sequences
from yule_models.encoding.standard import Standardiser
from yule_models.estimators.fold_data import FoldData
from yule_models.estimators.neural.embedding import FeatureEmbedding
from yule_models.estimators.neural.estimator import NetworkEstimator
from yule_models.estimators.neural.network import LayeredNetwork
from yule_models.estimators.neural.rows import Events, Rows, SequenceRows

__all__ = ["EventEncoder", "SequenceEstimator", "SequenceNetwork"]

_DESCRIPTION = "sequences"


class EventEncoder(nn.Module):
    """Reads the events of a row one after another, and tells them as one vector.

    Args:
        numbers: Numbers of an event.
        sizes: Number of codes of each category of an event.
        units: Units of the recurrent layer.
    """

    def __init__(self, *, numbers: int, sizes: Sequence[int], units: int) -> None:
        super().__init__()
        self.numbers = nn.Linear(numbers, units)
        self.categories = nn.ModuleList(nn.Embedding(size, units) for size in sizes)
        self.recurrent = nn.GRU(units, units, batch_first=True)
        self.units = units

    @property
    def width(self) -> int:
        """Numbers that tell the events of a row."""
        return 2 * self.units

    def forward(self, numbers: Tensor, codes: Tensor, lengths: Tensor) -> Tensor:
        """Return the state after the last event, and the mean of all, of shape (n, width).

        A row without events is told by zeros.

        Args:
            numbers: Of shape (n, steps, numbers), oldest first.
            codes: Of shape (n, steps, categories).
            lengths: How many steps of each row are events, of shape (n,).
        """
        events = self.numbers(numbers)
        for position, embedding in enumerate(self.categories):
            events = events + embedding(codes[:, :, position])
        states, _ = self.recurrent(torch.relu(events))
        steps = torch.arange(states.shape[1], device=states.device)
        is_there = (steps < lengths[:, None])[:, :, None].to(states.dtype)
        mean = (states * is_there).sum(dim=1) / lengths.clamp_min(1)[:, None]
        rows = torch.arange(len(states), device=states.device)
        last = states[rows, (lengths - 1).clamp_min(0)] * (lengths > 0)[:, None]
        return torch.cat([last, mean], dim=1)


class SequenceNetwork(LayeredNetwork):
    """Passes the embeddings of all features, and what each kind of events tells, through layers.

    Args:
        embedding: What embeds the features.
        encoders: What reads each kind of events.
        outputs: Number of outputs.
        width: Units of each dense layer.
        depth: Number of dense layers.
        dropout: Share of units dropped while training.
    """

    def __init__(
        self,
        embedding: FeatureEmbedding,
        encoders: Sequence[EventEncoder],
        *,
        outputs: int,
        width: int,
        depth: int,
        dropout: float,
    ) -> None:
        super().__init__(embedding)
        self.encoders = nn.ModuleList(encoders)
        layers: list[nn.Module] = []
        incoming = embedding.width + sum(encoder.width for encoder in encoders)
        for _ in range(depth):
            layers += [nn.Linear(incoming, width), nn.ReLU(), nn.Dropout(dropout)]
            incoming = width
        self.trunk = nn.Sequential(*layers)
        self.head = nn.Linear(incoming, outputs)

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return scores of shape (n, 1, outputs): those of one member.

        Args:
            *inputs: Positions, standardised numbers and codes of features (see `FeatureEmbedding`);
                then numbers, codes and lengths of each kind of events (see `EventEncoder`).
        """
        scores: Tensor = self.head(self.units(*inputs))
        return scores

    def units(self, *inputs: Tensor) -> Tensor:
        """Return what the head reads, of shape (n, 1, width); see `forward`."""
        features, events = inputs[:3], inputs[3:]
        told = [self.embedding(*features)]
        for position, encoder in enumerate(self.encoders):
            told.append(encoder(*events[3 * position : 3 * position + 3]))
        found: Tensor = self.trunk(torch.cat(told, dim=1))
        return found[:, None]

    def layers_of_trunk(self) -> list[nn.Module]:
        """Return the embedding, what reads events, then the dense layers."""
        dense = (layer for layer in self.trunk if isinstance(layer, nn.Linear))
        return [self.embedding, self.encoders, *dense]


class SequenceEstimator(NetworkEstimator):
    """A network that reads events (see `SequenceNetwork`), all targets learned together.

    Columns of lists are sequences: those with one name before the first dot tell the same events,
    whole numbers as codes of categories, other numbers as they are. In a batch, rows are as long as
    the longest, and no longer.

    Attributes:
        sequences_: How each kind of events is encoded.
    """

    KIND: ClassVar[str] = "sequence"
    STARTS_FROM_TRUNK: ClassVar[bool] = False
    READS_SEQUENCES: ClassVar[bool] = True
    HEADS: ClassVar[tuple[str, ...]] = ("head.weight", "head.bias")

    sequences_: list[SequenceEncoding]

    def _learn_further(self, features: pd.DataFrame) -> None:
        self.sequences_ = learn_sequences(features, self._fitted_columns().sequences)

    def _further_arrays(self) -> dict[str, npt.NDArray[Any]]:
        arrays: dict[str, npt.NDArray[Any]] = {}
        for encoding in self.sequences_:
            for name, values in encoding.standardiser.arrays().items():
                arrays[f"{_DESCRIPTION}/{encoding.name}/{name}"] = values
        facts = json.dumps([encoding.to_json() for encoding in self.sequences_])
        return {**arrays, _DESCRIPTION: np.frombuffer(facts.encode(), dtype=np.uint8).copy()}

    def _restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        facts = json.loads(arrays[_DESCRIPTION].tobytes())
        self.sequences_ = [
            SequenceEncoding.of(
                value,
                Standardiser(
                    means=arrays[f"{_DESCRIPTION}/{value['name']}/means"],
                    scales=arrays[f"{_DESCRIPTION}/{value['name']}/scales"],
                ),
            )
            for value in facts
        ]

    def _events(self, features: pd.DataFrame) -> tuple[Events, ...]:
        return tuple(_as_tensors(encoding.encode(features)) for encoding in self.sequences_)

    def _inputs(self, features: pd.DataFrame) -> tuple[Tensor, ...]:
        events = self._events(features)
        padded = (part for one in events for part in one.padded(slice(None), device="cpu"))
        return (*super()._inputs(features), *padded)

    def _rows(self, data: FoldData) -> Rows:
        rows = super()._rows(data)
        return SequenceRows(
            positions=rows.positions,
            standard=rows.standard,
            codes=rows.codes,
            labels=rows.labels,
            weights=rows.weights,
            sequences=self._events(data.features),
        )

    def _network(self, embedding: FeatureEmbedding, outputs: int) -> LayeredNetwork:
        encoders = [
            EventEncoder(
                numbers=2 * len(encoding.numbers),
                sizes=list(encoding.sizes.values()),
                units=int(self.params["units"]),
            )
            for encoding in self.sequences_
        ]
        return SequenceNetwork(
            embedding,
            encoders,
            outputs=outputs,
            width=int(self.params["width"]),
            depth=int(self.params["depth"]),
            dropout=float(self.params["dropout"]),
        )


def _as_tensors(events: EventLists) -> Events:
    lengths = torch.from_numpy(events.lengths)
    return Events(
        numbers=torch.from_numpy(events.numbers),
        codes=torch.from_numpy(events.codes),
        starts=lengths.cumsum(0) - lengths,
        lengths=lengths,
    )
