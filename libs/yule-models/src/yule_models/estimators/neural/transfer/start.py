"""A trunk that a fit starts from, held against its features."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from yule_models.encoding.piecewise import PiecewiseLinear
from yule_models.encoding.standard import Standardiser
from yule_models.errors import TransferError
from yule_models.estimators.neural.transfer.matching import Matching, match_columns
from yule_models.estimators.neural.transfer.trunk import ARCHITECTURE, Trunk

if TYPE_CHECKING:
    from yule_models.estimators.base import Estimator

__all__ = ["Start", "architecture_of", "check_architecture"]


@dataclass(frozen=True, kw_only=True)
class Start:
    """What a fit starts from.

    Attributes:
        trunk: The trunk.
        matching: Its features beside those of the fit.
        sha256: Of the trunk's file.
    """

    trunk: Trunk
    matching: Matching
    sha256: str

    @classmethod
    def of(cls, path: Path, estimator: Estimator) -> Self:
        """Read a trunk, and hold it against an estimator whose columns are known.

        Raises:
            EstimatorFormatError: If the file is no trunk.
            TransferError: If it is of another kind or shape, or knows none of the features.
        """
        trunk = Trunk.read(path)
        check_architecture(trunk, estimator.KIND, estimator.params)
        matching = match_columns(estimator.columns_, trunk.columns)
        if not matching.known:
            raise TransferError(
                f"The trunk knows none of the {len(matching.new)} features, only "
                f"{', '.join(matching.lacking[:3])} and the like: it was trained on another table. "
                "Start from nothing, or describe rows by the features of the trunk."
            )
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        return cls(trunk=trunk, matching=matching, sha256=sha256)

    def encoding(self, own: PiecewiseLinear) -> PiecewiseLinear:
        """Return the bins of all numbers: the trunk's where it knows the feature."""
        return self.matching.encoding(own, self.trunk.encoding, self.trunk.columns)

    def standardiser(self, own: Standardiser) -> Standardiser:
        """Return what standardises all numbers, likewise."""
        return self.matching.standardiser(own, self.trunk.standardiser, self.trunk.columns)

    def to_json(self) -> dict[str, Any]:
        """Return where the trunk came from, and which features it knows, as JSON."""
        return {
            "sha256": self.sha256,
            "origin": dict(self.trunk.origin),
            "known": list(self.matching.known),
            "new": list(self.matching.new),
            "lacking": list(self.matching.lacking),
        }


def architecture_of(params: Mapping[str, Any]) -> dict[str, int]:
    """Return the parameters that the shapes of a network follow from."""
    return {name: int(params[name]) for name in ARCHITECTURE if name in params}


def check_architecture(trunk: Trunk, kind: str, params: Mapping[str, Any]) -> None:
    """Refuse a trunk that a model of this shape cannot take over.

    Raises:
        TransferError: If there is one.
    """
    if trunk.kind != kind:
        raise TransferError(
            f"The trunk is of the kind {trunk.kind!r}, and the model is {kind!r}; give the model "
            "the trunk's kind."
        )
    own = architecture_of(params)
    for name, value in trunk.architecture.items():
        if own.get(name) != value:
            raise TransferError(
                f"The trunk has {name} {value}, and the model has {own.get(name)}; give the model "
                f"`{name}: {value}`."
            )
