"""Starting a network from what another one has learned."""

from yule_models.estimators.neural.transfer.adoption import adopt
from yule_models.estimators.neural.transfer.matching import Matching, match_columns
from yule_models.estimators.neural.transfer.start import (
    Start,
    architecture_of,
    check_architecture,
)
from yule_models.estimators.neural.transfer.trunk import Trunk
from yule_models.estimators.neural.transfer.unfreezing import unfreezing

__all__ = [
    "Matching",
    "Start",
    "Trunk",
    "adopt",
    "architecture_of",
    "check_architecture",
    "match_columns",
    "unfreezing",
]
