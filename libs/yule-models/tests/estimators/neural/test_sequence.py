"""A network that reads events: what it can tell that no column of the table tells."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
from sklearn.metrics import roc_auc_score
from yule_models import CurvePoint, Estimator, Target, load_estimator, make_estimator
from yule_models.estimators.neural.checkpoint import CHECKPOINT_FILE
from yule_models.estimators.neural.rows import Events
from yule_models.estimators.neural.sequence import EventEncoder

PARAMS = {"epochs": 12, "units": 8, "width": 16, "embedding": 2, "bins": 4, "batch_rows": 64}
TARGET = Target(name="bought")


def rows(count: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who ends on the page of prices buys; how often it was seen says nothing."""
    random = np.random.default_rng(seed)
    lengths = random.integers(0, 7, count)
    pages = [random.integers(2, 5, length).tolist() for length in lengths]
    ages = [sorted(random.random(length).tolist(), reverse=True) for length in lengths]
    lists = {"last.page": (pages, pa.int64()), "last.age": (ages, pa.float64())}
    features = {
        name: pd.Series(values, dtype=pd.ArrowDtype(pa.list_(kind)))
        for name, (values, kind) in lists.items()
    }
    bought = [float(bool(seen) and seen[-1] == 4) for seen in pages]
    table = pd.DataFrame({"noise": random.random(count), **features})
    return table, pd.DataFrame({"bought": bought})


TRAINING, INNER, OTHER = rows(400, 1), rows(80, 2), rows(200, 3)


def fitted(kind: str = "sequence", **options: object) -> Estimator:
    params = PARAMS if kind == "sequence" else {}
    model = make_estimator(
        kind, targets=[TARGET], seed=0, threads=1, params={**params, "learning_rate": 0.02}
    )
    return model.fit(*TRAINING, validation=INNER, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def model() -> Estimator:
    return fitted()


def test_it_learns_what_came_last(model: Estimator) -> None:
    assert roc_auc_score(OTHER[1]["bought"], model.predict(OTHER[0])) > 0.95


def test_other_kinds_leave_sequences_aside() -> None:
    trees = fitted("gbdt")
    assert trees.columns_.names == ("noise",)
    without = OTHER[0][["noise"]]
    assert trees.predict(OTHER[0]).tobytes() == trees.predict(without).tobytes()


def test_a_stored_model_predicts_the_same_bits(model: Estimator, tmp_path: Path) -> None:
    model.save(tmp_path)
    found = load_estimator(tmp_path).predict(OTHER[0])
    assert found.tobytes() == model.predict(OTHER[0]).tobytes()


def test_a_row_alone_is_predicted_as_among_longer_ones(model: Estimator) -> None:
    together = model.predict(OTHER[0])
    lengths = OTHER[0]["last.page"].list.len().to_numpy()
    for length in (0, 1, 6):
        row = int(np.flatnonzero(lengths == length)[0])
        alone = model.predict(OTHER[0].iloc[[row]])
        np.testing.assert_allclose(alone[0], together[row], atol=1e-5)
    assert model.predict(OTHER[0].iloc[:0]).shape == (0, 1)


def test_an_interrupted_fit_goes_on_to_the_same_bytes(model: Estimator, tmp_path: Path) -> None:
    def interrupt(point: CurvePoint) -> None:
        if point.step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fitted(checkpoint=tmp_path, on_step=interrupt)
    assert (tmp_path / CHECKPOINT_FILE).exists()
    found = fitted(checkpoint=tmp_path)
    assert found.predict(OTHER[0]).tobytes() == model.predict(OTHER[0]).tobytes()


def test_what_is_beyond_the_end_of_a_row_does_not_count() -> None:
    torch.manual_seed(0)
    encoder = EventEncoder(numbers=2, sizes=[3], units=4)
    numbers, codes = torch.rand(2, 5, 2), torch.ones(2, 5, 1, dtype=torch.int32)
    lengths = torch.tensor([3, 0])
    found = encoder(numbers, codes, lengths)
    torch.testing.assert_close(found[:1], encoder(numbers[:1, :3], codes[:1, :3], lengths[:1]))
    assert torch.equal(found[1], torch.zeros(8))


def test_a_row_is_told_by_the_state_after_its_last_event_and_by_the_mean_of_all() -> None:
    torch.manual_seed(0)
    encoder = EventEncoder(numbers=2, sizes=[], units=4)
    numbers, codes = torch.rand(1, 5, 2), torch.ones(1, 5, 0, dtype=torch.int32)
    states, last = encoder.recurrent(torch.relu(encoder.numbers(numbers)))
    found = encoder(numbers, codes, torch.tensor([5]))
    torch.testing.assert_close(found[:, :4], last[0])
    torch.testing.assert_close(found[:, 4:], states.mean(dim=1))


def test_a_batch_is_as_long_as_its_longest_row() -> None:
    events = Events(
        numbers=torch.arange(6.0)[:, None],
        codes=torch.arange(6)[:, None],
        starts=torch.tensor([0, 4, 4]),
        lengths=torch.tensor([4, 0, 2]),
    )
    numbers, codes, lengths = events.padded(torch.tensor([2, 1]), device="cpu")
    assert numbers[:, :, 0].tolist() == [[4, 5], [0, 0]]
    assert codes[:, :, 0].tolist() == [[4, 5], [0, 0]]
    assert lengths.tolist() == [2, 0]
    assert events.padded(torch.tensor([1]), device="cpu")[0].shape == (1, 1, 1)
