"""Fits that start from a trunk, or from features alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score
from yule_models import CurvePoint, Estimator, Target, load_estimator, make_estimator
from yule_models.errors import EstimatorFormatError, TransferError
from yule_models.estimators.neural import NeuralEstimator, TabmEstimator
from yule_models.estimators.neural.transfer import Trunk, unfreezing
from yule_models.testing import described_rows

BOUGHT, SPEND = Target(name="bought"), Target(name="spend", kind="regression")
MANY, FEW, INNER, OTHER = (described_rows(count, seed=count) for count in (500, 30, 91, 300))
SHAPE = {"width": 16, "embedding": 4, "bins": 8, "batch_rows": 64, "learning_rate": 5e-3}
NETWORKS = (NeuralEstimator, TabmEstimator)


@pytest.fixture(scope="module")
def trunk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trunk of a network that has learned what many people spend."""
    model = make_estimator(
        "neural", targets=[SPEND], seed=0, threads=1, params={**SHAPE, "epochs": 15}
    )
    model.fit(MANY.features.drop(columns="device"), MANY.labels)
    assert isinstance(model, NETWORKS)
    path = tmp_path_factory.mktemp("trunk") / "trunk.safetensors"
    model.trunk({"case": "spending"}).write(path)
    return path


def started(
    trunk: Path | None,
    kind: str = "neural",
    on_step: Callable[[CurvePoint], None] | None = None,
    checkpoint: Path | None = None,
    **params: object,
) -> Estimator:
    given = {**SHAPE, "epochs": 30, "batch_rows": 8, **params}
    model = make_estimator(kind, targets=[BOUGHT], seed=0, threads=1, params=given)
    return model.fit(
        FEW.features.drop(columns="visits"),
        FEW.labels,
        validation=(INNER.features.drop(columns="visits"), INNER.labels),
        start=trunk,
        on_step=on_step,
        checkpoint=checkpoint,
    )


def auc(model: Estimator) -> float:
    found = model.predict(OTHER.features.drop(columns="visits"))
    return float(roc_auc_score(OTHER.labels["bought"], found))


@pytest.mark.parametrize("transfer", ["fine-tune", "gradual", "frozen"])
def test_a_trunk_helps_where_labels_are_few(trunk: Path, transfer: str) -> None:
    model = started(trunk, transfer=transfer)
    assert auc(model) > auc(started(None)) + 0.02
    assert model.start_ is not None
    assert model.start_["origin"] == {"case": "spending"}
    assert (model.start_["new"], model.start_["lacking"]) == (["device"], ["visits"])


def test_what_a_trunk_knows_is_encoded_as_it_did(trunk: Path) -> None:
    model, known = started(trunk, transfer="frozen"), Trunk.read(trunk)
    assert isinstance(model, NETWORKS)
    own, earlier = model.columns_, known.columns
    shared = [name for name in own.numeric if name in earlier.numeric]
    assert shared
    for name in shared:
        here, there = own.numeric.index(name), earlier.numeric.index(name)
        np.testing.assert_array_equal(model.encoding_.edges[here], known.encoding.edges[there])
        for what in ("means", "scales"):
            found, expected = (getattr(s, what) for s in (model.standardiser_, known.standardiser))
            assert found[here] == expected[there]
    categories = [name for name in own.vocabularies if name in earlier.vocabularies]
    assert categories
    for name in categories:
        values = earlier.vocabularies[name].values
        assert own.vocabularies[name].values[: len(values)] == values


def test_what_was_kept_of_a_start_from_another_trunk_is_not_taken_up(
    trunk: Path, tmp_path: Path
) -> None:
    known = Trunk.read(trunk)
    state = {name: 2 * value for name, value in known.state.items()}
    replace(known, state=state).write(tmp_path / "other.safetensors")
    started(tmp_path / "other.safetensors", checkpoint=tmp_path / "kept", epochs=2)
    features = OTHER.features.drop(columns="visits")
    found, expected = (
        started(trunk, checkpoint=place, epochs=2).predict(features)
        for place in (tmp_path / "kept", None)
    )
    assert found.tobytes() == expected.tobytes()


def test_what_is_frozen_stays_and_what_is_stored_is_the_same(trunk: Path, tmp_path: Path) -> None:
    model = started(trunk, transfer="frozen")
    assert isinstance(model, NETWORKS)
    kept = Trunk.read(trunk).state["trunk.3.weight"]
    assert torch.equal(model.network_.state_dict()["trunk.3.weight"], kept)
    model.save(tmp_path)
    features = OTHER.features.drop(columns="visits")
    loaded = load_estimator(tmp_path)
    assert loaded.predict(features).tobytes() == model.predict(features).tobytes()


def test_layers_thaw_from_the_top() -> None:
    layers = [torch.nn.Linear(1, 1) for _ in range(3)]
    unfreeze = unfreezing("gradual", layers)
    assert unfreeze is not None
    learning = []
    for epoch in range(1, 6):
        unfreeze(epoch)
        learning.append([layer.weight.requires_grad for layer in layers])
    assert learning == [
        [False, False, False],
        [False, False, True],
        [False, True, True],
        [True, True, True],
        [True, True, True],
    ]
    assert unfreezing("fine-tune", layers) is None


def test_an_interrupted_fit_goes_on_to_the_same_bytes(trunk: Path, tmp_path: Path) -> None:
    def interrupt(point: CurvePoint) -> None:
        if point.step == 5:
            raise KeyboardInterrupt

    params = {"transfer": "gradual", "pretraining_epochs": 3, "patience": 20, "epochs": 8}
    points: list[CurvePoint] = []
    expected = started(trunk, on_step=points.append, **params)
    with pytest.raises(KeyboardInterrupt):
        started(trunk, on_step=interrupt, checkpoint=tmp_path, **params)
    told: list[CurvePoint] = []
    found = started(trunk, on_step=told.append, checkpoint=tmp_path, **params)
    assert told == points
    assert [point.step for point in points] == list(range(1, 12))
    features = OTHER.features.drop(columns="visits")
    assert found.predict(features).tobytes() == expected.predict(features).tobytes()


def test_pretraining_guesses_features_better_and_better_from_rows_without_labels() -> None:
    told: list[CurvePoint] = []
    params = {**SHAPE, "epochs": 2, "pretraining_epochs": 12, "members": 2}
    model = make_estimator("tabm", targets=[BOUGHT], seed=0, threads=1, params=params)
    # Spending, as a feature, follows from the amount and the plan.
    features = [rows.features.assign(spent=rows.labels["spend"]) for rows in (FEW, INNER, MANY)]
    model.fit(
        features[0],
        FEW.labels,
        validation=(features[1], INNER.labels),
        unlabelled=features[2],
        on_step=told.append,
    )
    losses = [v for p in told if (v := p.values.get("pretraining/inner/loss")) is not None]
    assert len(losses) == 12
    assert losses[-1] < 0.9 * losses[0]
    assert np.isfinite([p.values["inner/log_loss"] for p in told[12:]]).all()


def test_a_trunk_of_another_shape_or_table_is_refused(trunk: Path, tmp_path: Path) -> None:
    with pytest.raises(TransferError, match="has width 16, and the model has 8; give the model"):
        started(trunk, width=8)
    with pytest.raises(TransferError, match="of the kind 'neural', and the model is 'tabm'"):
        started(trunk, kind="tabm", members=2)
    model = make_estimator("neural", targets=[BOUGHT], seed=0, threads=1, params=SHAPE)
    with pytest.raises(TransferError, match="knows none of the 1 features, only amount"):
        model.fit(FEW.features[["visits"]].rename(columns=str.upper), FEW.labels, start=trunk)
    trees = make_estimator("gbdt", targets=[BOUGHT], seed=0, threads=1)
    with pytest.raises(TransferError, match="'gbdt' starts from no trunk"):
        trees.fit(FEW.features, FEW.labels, start=trunk)


@pytest.mark.parametrize("content", [b"", b"half a file", b"\x02\0\0\0\0\0\0\0{}"])
def test_a_file_that_is_no_trunk_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "trunk.safetensors"
    path.write_bytes(content)
    with pytest.raises(EstimatorFormatError, match=r"trunk.safetensors is no trunk of a network"):
        Trunk.read(path)


def test_a_trunk_is_the_same_bytes_when_it_is_read_and_written_again(
    trunk: Path, tmp_path: Path
) -> None:
    Trunk.read(trunk).write(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == trunk.read_bytes()
