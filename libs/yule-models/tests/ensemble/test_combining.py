import json
from typing import Any

import numpy as np
import pytest
from yule_models.ensemble import Blend, EnsembleOptionError, EnsembleOptions, combine, stacking
from yule_models.metrics import evaluate
from yule_models.targets import Target

BINARY = Target(name="bought")
CLASSES = Target(name="plan", kind="multiclass", classes=("basic", "plus", "pro"))
NUMBER = Target(name="spend", kind="regression")
METHODS = {BINARY: ["greedy", "mean", "rank_mean", "stacking"]}
METHODS |= {target: ["greedy", "mean", "stacking"] for target in (CLASSES, NUMBER)}
ROWS = 1500


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def drawn(target: Target, seed: int = 0) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Predictions of two models with errors of their own and of one that guesses; labels; folds."""
    random = np.random.default_rng(seed)
    outputs = max(target.outputs, 2) if target.kind != "regression" else 1
    truth = 1.5 * random.normal(size=(ROWS, outputs))
    noisy = {name: truth + random.normal(size=truth.shape) for name in ("one", "two")}
    noisy["guess"] = 1.5 * random.normal(size=truth.shape)
    fold = np.arange(ROWS, dtype=np.int32) % 3
    if target.kind == "regression":
        return noisy, truth[:, 0], fold
    shares = np.cumsum(softmax(truth), axis=1)
    labels = (random.random(ROWS)[:, None] > shares).sum(axis=1).astype(float)
    models = {name: softmax(scores) for name, scores in noisy.items()}
    if target.kind == "binary":
        models = {name: shares[:, 1:] for name, shares in models.items()}
    return models, labels, fold


def options(**given: Any) -> EnsembleOptions:
    return EnsembleOptions.of(given)


ALL = [(target, method) for target, methods in METHODS.items() for method in methods]


@pytest.mark.parametrize(("target", "method"), ALL, ids=lambda value: getattr(value, "kind", value))
def test_a_blend_is_better_than_its_models_on_new_rows(target: Target, method: str) -> None:
    blend = combine(target, *drawn(target), options(method=method)).blend
    models, labels, _ = drawn(target, seed=1)
    if method in ("mean", "rank_mean"):
        models = {name: models[name] for name in ("one", "two", "guess")}

    blended = evaluate(target, labels, blend.apply(models))

    loss = "rmse" if target.kind == "regression" else "log_loss"
    best = min(evaluate(target, labels, p)[loss] or 0 for p in models.values())
    assert (blended[loss] or 0) < best


@pytest.mark.parametrize(("target", "method"), ALL, ids=lambda value: getattr(value, "kind", value))
def test_what_is_stored_blends_to_the_same_bits(target: Target, method: str) -> None:
    models, labels, fold = drawn(target)
    blend = combine(target, models, labels, fold, options(method=method)).blend
    again = Blend.of(json.loads(json.dumps(blend.to_json())))

    assert (again.apply(models) == blend.apply(models)).all()
    assert sum(blend.shares.values()) == pytest.approx(1)
    assert all(weight > 0 for weight in blend.weights.values())


@pytest.mark.parametrize("target", METHODS, ids=lambda target: target.kind)
@pytest.mark.parametrize("method", ["greedy", "stacking"])
def test_who_only_guesses_is_hardly_heard(target: Target, method: str) -> None:
    found = combine(target, *drawn(target), options(method=method))

    assert found.blend.shares.get("guess", 0) < 0.15
    assert set(found.dropped) == {"one", "two", "guess"} - set(found.blend.weights)


def test_what_another_round_would_do_counts_all_rounds_before() -> None:
    """Two rounds of five are of `high`: another model's part would be a sixth, not a third."""
    truth = np.tile([0.0, 1.0, 2.0], 20)
    models = {"high": truth + 3, "low": truth - 2, "wrong": truth + 60}
    shaped = {name: values[:, None] for name, values in models.items()}
    fold = np.arange(60, dtype=np.int32) % 3

    found = combine(NUMBER, shaped, truth, fold, options(metric="mae"))

    assert set(found.dropped) == {"wrong"}
    assert "raises the ensemble's MAE from" in found.dropped["wrong"]
    assert found.dropped["wrong"].endswith(" to 10")


def test_a_rank_is_one_among_predictions_of_its_own_model() -> None:
    models, labels, fold = drawn(BINARY)
    models["two"] = models["two"] / 10
    blend = combine(BINARY, models, labels, fold, options(method="rank_mean")).blend
    for name, own in models.items():
        ranks = blend.part(name, own)[:, 0] / blend.weights[name]
        assert np.quantile(ranks, [0.25, 0.5, 0.75]) == pytest.approx([0.25, 0.5, 0.75], abs=0.01)


def test_a_model_that_stacking_would_subtract_is_dropped() -> None:
    models, labels, fold = drawn(NUMBER)
    models["against"] = models["one"] - labels[:, None]  # the errors of the other

    found = combine(NUMBER, models, labels, fold, options(method="stacking"))

    assert "negative" in found.dropped["against"]


@pytest.mark.parametrize("target", [BINARY, NUMBER], ids=lambda target: target.kind)
def test_a_single_model_that_is_wrong_throughout_is_taken_as_it_is(target: Target) -> None:
    models, labels, fold = drawn(target)
    against = -models["one"] if target.kind == "regression" else 1 - models["one"]

    found = combine(
        target, {"m": against}, labels, fold, options(method="stacking", calibration="none")
    )

    assert found.blend.shares == {"m": 1}
    assert found.blend.apply({"m": against}) == pytest.approx(against)


def test_stacking_in_pieces_is_stacking(monkeypatch: pytest.MonkeyPatch) -> None:
    models, labels, fold = drawn(CLASSES)
    whole = combine(CLASSES, models, labels, fold, options(method="stacking")).blend
    monkeypatch.setattr(stacking, "_CHUNK_CELLS", 1000)
    pieces = combine(CLASSES, models, labels, fold, options(method="stacking")).blend
    assert pieces.weights == pytest.approx(whole.weights)
    assert pieces.bias == pytest.approx(whole.bias)


def test_few_rows_are_stacked_to_about_the_mean() -> None:
    models, labels, fold = drawn(BINARY)
    few = {name: values[:10] for name, values in models.items()}

    found = combine(BINARY, few, labels[:10], fold[:10], options(method="stacking"))

    assert found.blend.shares == pytest.approx(dict.fromkeys(models, 1 / 3), abs=0.1)


def test_overconfident_models_are_calibrated_by_themselves() -> None:
    models, labels, fold = drawn(BINARY)
    sharp = {"sharp": 1 / (1 + (1 / models["one"] - 1) ** 4)}

    assert combine(BINARY, sharp, labels, fold, options()).blend.calibration.kind != "none"
    none = combine(BINARY, sharp, labels, fold, options(calibration="none")).blend
    assert none.calibration.kind == "none"


def test_what_helps_on_some_folds_alone_is_left() -> None:
    """Of the last fold, another season, half as many are positive as the models say."""
    random = np.random.default_rng(3)
    shares = random.random((ROWS, 1))
    fold = np.arange(ROWS, dtype=np.int32) % 3
    truth = np.where(fold == 2, 0.3, 1.0) * shares[:, 0]
    labels = (random.random(ROWS) < truth).astype(float)

    found = combine(BINARY, {"m": shares}, labels, fold, options())

    assert found.blend.calibration.kind == "none"


def test_calibrated_models_are_left_alone() -> None:
    random = np.random.default_rng(3)
    shares = random.random((ROWS, 1))
    labels = (random.random(ROWS) < shares[:, 0]).astype(float)
    fold = np.arange(ROWS, dtype=np.int32) % 3

    assert combine(BINARY, {"m": shares}, labels, fold, options()).blend.calibration.kind == "none"


@pytest.mark.parametrize(
    ("target", "given", "option", "message"),
    [
        (NUMBER, {"method": "rank_mean"}, "method", "suits binary targets alone, and 'spend'"),
        (NUMBER, {"calibration": "isotonic"}, "calibration", "Numbers are not calibrated"),
        (
            BINARY,
            {"method": "rank_mean", "calibration": "none"},
            "calibration",
            "becomes one by isotonic calibration; got the calibration 'none'",
        ),
        (CLASSES, {"metric": "auc"}, "metric", "'plan' has no metric 'auc'; it has macro_auc"),
    ],
)
def test_what_does_not_suit_a_target_is_refused(
    target: Target, given: dict[str, Any], option: str, message: str
) -> None:
    with pytest.raises(EnsembleOptionError, match=message) as caught:
        options(**given).check(target)
    assert caught.value.option == option
