"""A network without its heads, in one file that executes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from gokart_store import canonical_json, write_whole
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from yule_models.encoding import FeatureColumns
from yule_models.encoding.piecewise import PiecewiseLinear
from yule_models.encoding.standard import Standardiser
from yule_models.errors import EstimatorFormatError

__all__ = ["ARCHITECTURE", "Trunk"]

ARCHITECTURE = ("width", "depth", "embedding", "bins", "members")
"""Parameters of a kind that the shapes of its weights follow from."""
_FORMAT = 1
_NETWORK = "network."


@dataclass(frozen=True, kw_only=True)
class Trunk:
    """What a network has learned of features, without its heads.

    Attributes:
        kind: Kind of the model.
        architecture: Its parameters that shapes follow from.
        columns: The features that it knows, with their vocabularies.
        encoding: Its piecewise-linear encoding of numbers.
        standardiser: What standardises them.
        state: The weights by name, heads left out.
        origin: What it was trained on; JSON. `learned_until`, an ISO time or null, is when the last
            outcome that it has learned from was known.
    """

    kind: str
    architecture: Mapping[str, int]
    columns: FeatureColumns
    encoding: PiecewiseLinear
    standardiser: Standardiser
    state: Mapping[str, Tensor]
    origin: Mapping[str, Any]

    def to_bytes(self) -> bytes:
        """Return the file's content: safetensors with a description in JSON."""
        tensors = {f"{_NETWORK}{name}": value.contiguous() for name, value in self.state.items()}
        arrays = {**self.encoding.arrays(), **self.standardiser.arrays()}
        tensors |= {name: torch.from_numpy(np.ascontiguousarray(a)) for name, a in arrays.items()}
        facts = {
            "format": _FORMAT,
            "kind": self.kind,
            "architecture": dict(self.architecture),
            "columns": self.columns.to_json(),
            "origin": dict(self.origin),
        }
        return save(tensors, metadata={"trunk": canonical_json(facts)})

    def write(self, path: Path) -> str:
        """Write the file; return the sha256 of its bytes, by which a case names it."""
        content = self.to_bytes()
        write_whole(path, content)
        return hashlib.sha256(content).hexdigest()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file that `write` wrote. Nothing stored is executed.

        Raises:
            EstimatorFormatError: If it is no trunk, damaged, or of another format.
        """
        try:
            with safe_open(path, "pt") as stored:
                facts = json.loads((stored.metadata() or {})["trunk"])
                tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118  # no mapping
            if facts["format"] != _FORMAT:
                raise EstimatorFormatError(
                    f"{path} is a trunk of format {facts['format']}; this version reads "
                    f"{_FORMAT}. Write it again with this version."
                )
            arrays = {name: value.numpy() for name, value in tensors.items() if "." not in name}
            return cls(
                kind=facts["kind"],
                architecture=facts["architecture"],
                columns=FeatureColumns.of(facts["columns"]),
                encoding=PiecewiseLinear.of(arrays),
                standardiser=Standardiser.of(arrays),
                state={
                    name.removeprefix(_NETWORK): value
                    for name, value in tensors.items()
                    if name.startswith(_NETWORK)
                },
                origin=facts["origin"],
            )
        except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
            raise EstimatorFormatError(
                f"{path} is no trunk of a network: {error}. `yule trunk` writes one."
            ) from error
