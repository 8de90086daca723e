"""What all networks over tables offer: layers that targets share, and heads of their own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from yule_models.estimators.neural.embedding import FeatureEmbedding

__all__ = ["Adoption", "LayeredNetwork"]


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """What becomes of the units that a network's first layer reads when it adopts a trunk.

    Attributes:
        known: Units of the new network that the trunk knows.
        sources: The trunk's units that they are, one for each.
        new: Units that the trunk does not know.
        lacking: Units of the trunk that are no more.
        usual: What these hold for somebody usual, one for each.
    """

    known: Tensor
    sources: Tensor
    new: Tensor
    lacking: Tensor
    usual: Tensor


class LayeredNetwork(nn.Module, ABC):
    """An embedding, layers above it, and heads.

    Called with what `Rows.inputs` returns, it gives scores of shape (n, members, outputs).

    Args:
        embedding: What embeds the features.
    """

    def __init__(self, embedding: FeatureEmbedding) -> None:
        super().__init__()
        self.embedding = embedding

    @abstractmethod
    def units(self, *inputs: Tensor) -> Tensor:
        """Return what the heads read, of shape (n, members, width)."""

    @abstractmethod
    def layers_of_trunk(self) -> list[nn.Module]:
        """Return what the heads stand on, from the bottom up, the embedding first."""

    def adopt(self, state: Mapping[str, Tensor], units: Adoption) -> None:
        """Take over the layers of another network; the embedding has been adopted already.

        Args:
            state: The other network's weights by name.
            units: What becomes of the units that the first layer reads.

        Raises:
            NotImplementedError: If networks of this class start from no trunk.
        """
        raise NotImplementedError(f"{type(self).__name__} adopts no trunk.")
