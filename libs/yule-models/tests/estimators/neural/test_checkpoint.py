"""A fit that is interrupted at any epoch ends as one that was not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from yule_models import CurvePoint, Estimator, make_estimator
from yule_models.errors import DivergenceError
from yule_models.estimators.neural.checkpoint import CHECKPOINT_FILE
from yule_models.testing import TARGETS, described_rows

TRAINING, INNER = described_rows(200, seed=1), described_rows(80, seed=2)
QUICK = {"epochs": 6, "patience": 3, "width": 8, "batch_rows": 64, "embedding": 3, "bins": 4}
KINDS = [("neural", {}), ("tabm", {"members": 3})]


def fit(
    kind: str,
    params: dict[str, int],
    checkpoint: Path | None = None,
    on_step: Callable[[CurvePoint], None] | None = None,
    **others: float,
) -> Estimator:
    model = make_estimator(
        kind, targets=TARGETS, seed=3, threads=1, params={**QUICK, **params, **others}
    )
    return model.fit(
        TRAINING.features,
        TRAINING.labels,
        validation=(INNER.features, INNER.labels),
        on_step=on_step,
        checkpoint=checkpoint,
    )


def files_of(estimator: Estimator, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    estimator.save(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(("kind", "params"), KINDS)
@pytest.mark.parametrize("last", [1, 4])
def test_an_interrupted_fit_goes_on_to_the_same_bytes(
    kind: str, params: dict[str, int], last: int, tmp_path: Path
) -> None:
    expected_points: list[CurvePoint] = []
    expected = fit(kind, params, on_step=expected_points.append)

    def interrupt(point: CurvePoint) -> None:
        if point.step == last:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(kind, params, tmp_path / "checkpoint", interrupt)
    (tmp_path / "checkpoint" / f".{CHECKPOINT_FILE}.{'0' * 32}").write_bytes(b"half")
    points: list[CurvePoint] = []
    found = fit(kind, params, tmp_path / "checkpoint", points.append)
    assert points == expected_points
    assert len(points) > last
    # Epochs before the checkpoint are told again, and take no time.
    assert [point.step for point in points if point.seconds is None] == [*range(1, last + 1)]
    assert found.best_step_ == expected.best_step_
    assert files_of(found, tmp_path / "one") == files_of(expected, tmp_path / "other")
    assert [path.name for path in (tmp_path / "checkpoint").iterdir()] == [CHECKPOINT_FILE]


def test_a_fit_that_goes_on_does_not_begin_again(tmp_path: Path) -> None:
    fit("neural", {}, tmp_path)
    stored = (tmp_path / CHECKPOINT_FILE).stat().st_mtime_ns
    fit("neural", {}, tmp_path)
    assert (tmp_path / CHECKPOINT_FILE).stat().st_mtime_ns == stored


@pytest.mark.parametrize("change", [{"width": 9}, {"learning_rate": 0.01}])
def test_the_checkpoint_of_another_fit_is_not_read(
    change: dict[str, float], tmp_path: Path
) -> None:
    fit("neural", {}, tmp_path / "checkpoint")
    expected, found = (fit("neural", {}, folder, **change) for folder in (None, tmp_path))
    predictions = expected.predict(INNER.features)
    assert found.predict(INNER.features).tobytes() == predictions.tobytes()


@pytest.mark.parametrize("content", [b"", b"half a checkpoint", b"\x02\0\0\0\0\0\0\0{}"])
def test_a_file_that_is_no_checkpoint_is_replaced(content: bytes, tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT_FILE).write_bytes(content)
    found = fit("neural", {}, tmp_path)
    assert (tmp_path / CHECKPOINT_FILE).stat().st_size > 1000
    expected = fit("neural", {}).predict(INNER.features)
    assert found.predict(INNER.features).tobytes() == expected.tobytes()


def test_a_fit_that_diverges_says_when_and_stores_nothing_of_it(tmp_path: Path) -> None:
    # Sums of these weights overflow in float32.
    heavy = np.full(len(TRAINING.labels), 1e38)
    model = make_estimator("neural", targets=TARGETS, seed=3, threads=1, params=QUICK)
    with pytest.raises(DivergenceError, match=r"loss of epoch 1 is (nan|inf): the fit"):
        model.fit(TRAINING.features, TRAINING.labels, sample_weight=heavy, checkpoint=tmp_path)
    assert not (tmp_path / CHECKPOINT_FILE).exists()
