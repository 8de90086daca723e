"""A step over a batch, taken in parts, is the step over the whole."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from yule_models.estimators import CurvePoint
from yule_models.estimators.neural.embedding import FeatureEmbedding
from yule_models.estimators.neural.hardware import Hardware
from yule_models.estimators.neural.mlp import TabularMlp
from yule_models.estimators.neural.objective import Objective, TargetObjective
from yule_models.estimators.neural.reconstruction import MaskedReconstruction
from yule_models.estimators.neural.rows import Rows
from yule_models.estimators.neural.training import Schedule, Trainer
from yule_models.registry import make_estimator
from yule_models.targets import Target
from yule_models.testing import TARGETS, described_rows

CPU = Hardware.of(gpu=False)
COUNT, SIZES = 50, [3, 5]
RARE = Target(name="rare", kind="regression", weight=0.5)


def rows() -> Rows:
    random = np.random.default_rng(0)
    labels = np.column_stack(
        [
            random.integers(2, size=COUNT),
            random.integers(3, size=COUNT),
            random.normal(size=COUNT),
            np.full(COUNT, np.nan),
        ]
    )
    labels[::3, 0] = np.nan
    labels[4:, 1] = np.nan  # whole parts know nothing of it
    positions = random.random((COUNT, 4)) * 6
    positions[::5, 1] = np.nan
    codes = np.column_stack([random.integers(size, size=COUNT) for size in SIZES])
    return Rows(
        positions=torch.from_numpy(positions.astype(np.float32)),
        standard=torch.from_numpy(random.normal(size=(COUNT, 4)).astype(np.float32)),
        codes=torch.from_numpy(codes),
        labels=torch.from_numpy(labels.astype(np.float32)),
        weights=torch.from_numpy((random.random(COUNT) + 0.2).astype(np.float32)),
    )


def network(*, dropout: float = 0.0) -> TabularMlp:
    embedding = FeatureEmbedding(numeric=4, bins=6, sizes=SIZES, size=3)
    return TabularMlp(embedding, outputs=6, width=8, depth=2, dropout=dropout)


def learning(*, learns_weights: bool) -> Callable[[], Objective]:
    return lambda: TargetObjective(
        network(),
        [*TARGETS, RARE],
        scales=np.ones(4),
        learns_weights=learns_weights,
        hardware=CPU,
    )


def guessing() -> Objective:
    return MaskedReconstruction(network(), numeric=4, sizes=SIZES, width=8, hardware=CPU)


def gradients(make: Callable[[], Objective], micro: int) -> tuple[list[torch.Tensor], torch.Tensor]:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        objective = make()
        schedule = Schedule(
            epochs=1,
            patience=1,
            batch_rows=COUNT,
            micro_batch_rows=micro,
            learning_rate=0.1,
            weight_decay=0.0,
        )
        trainer = Trainer(objective=objective, rows=rows(), inner=None, schedule=schedule)
        told = trainer.add_gradients(torch.randperm(COUNT))
    return [p.grad for p in objective.parameters() if p.grad is not None], told


@pytest.mark.parametrize("micro", [1, 7, 25, 49])
@pytest.mark.parametrize(
    "make",
    [learning(learns_weights=False), learning(learns_weights=True), guessing],
    ids=["given", "learned", "reconstruction"],
)
def test_gradients_of_parts_add_up_to_those_of_the_batch(
    make: Callable[[], Objective], micro: int
) -> None:
    whole, told = gradients(make, COUNT)
    parts, told_of_parts = gradients(make, micro)
    assert len(whole) == len(parts) > 6
    assert max(float(each.abs().max()) for each in whole) > 0.01
    for one, other in zip(whole, parts, strict=True):
        assert torch.allclose(one, other, rtol=0, atol=1e-5)
    assert torch.allclose(told, told_of_parts, rtol=0, atol=1e-5)


def scores(kind: str, **params: float) -> tuple[bytes, np.ndarray]:
    training, inner = described_rows(200, seed=1), described_rows(80, seed=2)
    quick = {"epochs": 3, "width": 8, "batch_rows": 64, "embedding": 3, "bins": 4, "dropout": 0.0}
    model = make_estimator(kind, targets=TARGETS, seed=3, threads=1, params={**quick, **params})
    points: list[CurvePoint] = []
    model.fit(
        training.features,
        training.labels,
        validation=(inner.features, inner.labels),
        on_step=points.append,
    )
    found = model.predict(inner.features)
    return found.tobytes(), found


@pytest.mark.parametrize(
    ("kind", "params"),
    [("neural", {"pretraining_epochs": 1}), ("tabm", {"members": 2}), ("sequence", {})],
    ids=["neural", "tabm", "sequence"],
)
def test_a_fit_in_parts_learns_the_same_and_always_the_same(
    kind: str, params: dict[str, float]
) -> None:
    whole, expected = scores(kind, **params)
    parts, found = scores(kind, micro_batch_rows=10, **params)
    assert np.allclose(found, expected, atol=1e-3, rtol=1e-3)
    assert scores(kind, micro_batch_rows=10, **params)[0] == parts
    assert scores(kind, micro_batch_rows=64, **params)[0] == whole
