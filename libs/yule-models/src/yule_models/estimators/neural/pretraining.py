"""What a network learns before labels: to guess features from the others."""

from __future__ import annotations

from collections.abc import Callable

from yule_models.encoding import FeatureColumns
from yule_models.estimators.inputs import CurvePoint
from yule_models.estimators.neural.checkpoint import Checkpoint
from yule_models.estimators.neural.hardware import Hardware
from yule_models.estimators.neural.network import LayeredNetwork
from yule_models.estimators.neural.reconstruction import MaskedReconstruction
from yule_models.estimators.neural.rows import Rows
from yule_models.estimators.neural.training import Schedule, Trainer

__all__ = ["pretrain"]


def pretrain(
    network: LayeredNetwork,
    rows: Rows,
    inner: Rows | None,
    *,
    columns: FeatureColumns,
    width: int,
    schedule: Schedule,
    hardware: Hardware,
    on_step: Callable[[CurvePoint], None],
    checkpoint: Checkpoint | None,
) -> int:
    """Train a network in place on features alone; return how many epochs that took.

    Args:
        network: The network.
        rows: Rows to learn from, with labels or without.
        inner: Rows to stop early by; None: all epochs are done.
        columns: The columns that it embeds.
        width: Units that its heads read.
        schedule: How long and how fast to learn.
        hardware: Where, and in which precision.
        on_step: Told of each epoch.
        checkpoint: Where to go on from, and to keep each epoch; None: nowhere.
    """
    objective = MaskedReconstruction(
        network,
        numeric=len(columns.numeric),
        sizes=[vocabulary.size for vocabulary in columns.vocabularies.values()],
        width=width,
        hardware=hardware,
    )
    trainer = Trainer(objective=objective, rows=rows, inner=inner, schedule=schedule)
    done = 0

    def tell(point: CurvePoint) -> None:
        nonlocal done
        done = point.step
        on_step(point)

    trainer.train(tell, checkpoint)
    return done
