"""The kinds of models there are. Describing them loads none of their libraries."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from yule_models.errors import EstimatorFormatError, MissingLibraryError, ModelParameterError
from yule_models.parameters import KindDescription, Parameter

if TYPE_CHECKING:
    from yule_models.estimators import Estimator
    from yule_models.targets import Target

__all__ = ["check_params", "describe_kind", "load_estimator", "make_estimator", "model_kinds"]

_SHARE = {"minimum": 0, "maximum": 1, "is_above_minimum": True}

_KINDS = {
    description.kind: description
    for description in (
        KindDescription(
            kind="gbdt",
            summary="Gradient-boosted decision trees (LightGBM).",
            parameters={
                "learning_rate": Parameter(
                    default=0.03,
                    doc="Weight of each tree.",
                    **_SHARE,  # type: ignore[arg-type]
                ),
                "num_leaves": Parameter(
                    default=31, doc="Most leaves of a tree.", minimum=2, maximum=131_072
                ),
                "max_depth": Parameter(
                    default=-1, doc="Most levels of a tree; -1: any.", minimum=-1
                ),
                "min_data_in_leaf": Parameter(default=20, doc="Least rows of a leaf.", minimum=1),
                "feature_fraction": Parameter(
                    default=0.7,
                    doc="Share of features for each tree.",
                    **_SHARE,  # type: ignore[arg-type]
                ),
                "bagging_fraction": Parameter(
                    default=0.8,
                    doc="Share of rows for each tree.",
                    **_SHARE,  # type: ignore[arg-type]
                ),
                "bagging_freq": Parameter(
                    default=1, doc="Trees between two drawings of rows; 0: never."
                ),
                "lambda_l1": Parameter(default=0.0, doc="L1 regularisation of leaves."),
                "lambda_l2": Parameter(default=1.0, doc="L2 regularisation of leaves."),
                "min_gain_to_split": Parameter(default=0.0, doc="Least gain of a split."),
                "cat_smooth": Parameter(default=10.0, doc="Smoothing of categorical splits."),
                "max_bin": Parameter(
                    default=255, doc="Most bins of a number.", minimum=2, maximum=65_535
                ),
                "linear_tree": Parameter(default=False, doc="Whether leaves hold linear models."),
                "rounds": Parameter(default=2000, doc="Most trees.", minimum=1),
                "patience": Parameter(
                    default=100, doc="Trees without a better inner loss to stop after.", minimum=1
                ),
            },
        ),
        KindDescription(
            kind="neural",
            summary="A multi-layer perceptron over embeddings of every feature (torch).",
            parameters={
                "width": Parameter(default=256, doc="Units of a layer.", minimum=1),
                "depth": Parameter(default=2, doc="Number of layers.", minimum=1, maximum=32),
                "dropout": Parameter(default=0.4, doc="Share of units dropped.", maximum=0.95),
                "embedding": Parameter(default=8, doc="Size of a feature's embedding.", minimum=1),
                "bins": Parameter(
                    default=16, doc="Bins of a number's encoding.", minimum=1, maximum=256
                ),
                "learning_rate": Parameter(
                    default=1e-3, doc="Of AdamW.", is_above_minimum=True, maximum=1
                ),
                "weight_decay": Parameter(default=1e-2, doc="Of AdamW.", maximum=10),
                "batch_rows": Parameter(default=256, doc="Rows of a step.", minimum=1),
                "epochs": Parameter(default=60, doc="Most passes over the rows.", minimum=1),
                "patience": Parameter(
                    default=8, doc="Passes without a better inner loss to stop after.", minimum=1
                ),
            },
        ),
        KindDescription(
            kind="linear",
            summary="Regularised logistic or ridge regression, the baseline for features.",
            parameters={
                "regularisation": Parameter(
                    default=100.0, doc="Strength of the L2 penalty.", is_above_minimum=True
                )
            },
        ),
        KindDescription(
            kind="constant", summary="The base rate, the baseline for everything.", parameters={}
        ),
    )
}

_ESTIMATORS = {
    "gbdt": ("yule_models.estimators.gbdt", "GbdtEstimator"),
    "neural": ("yule_models.estimators.neural", "NeuralEstimator"),
    "linear": ("yule_models.estimators.linear", "LinearEstimator"),
    "constant": ("yule_models.estimators.constant", "ConstantEstimator"),
}
_EXTRA = {"torch": "neural"}


def model_kinds() -> tuple[str, ...]:
    """Return the names of all kinds, whether or not their libraries are installed.

    Example:
        >>> model_kinds()
        ('gbdt', 'neural', 'linear', 'constant')
    """
    return tuple(_KINDS)


def describe_kind(kind: str) -> KindDescription:
    """Return what there is to know about a kind.

    Raises:
        ModelParameterError: If there is no such kind.
    """
    if kind not in _KINDS:
        near = difflib.get_close_matches(kind, _KINDS, n=1)
        advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(_KINDS)}."
        raise ModelParameterError(f"There is no kind of model {kind!r}; {advice}", path=("kind",))
    return _KINDS[kind]


def check_params(kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kind's parameters with every default filled in.

    Raises:
        ModelParameterError: If the kind or a parameter is unknown, or a value impossible.
    """
    return describe_kind(kind).check(params)


def make_estimator(
    kind: str,
    *,
    targets: Sequence[Target],
    seed: int,
    threads: int,
    params: Mapping[str, Any] | None = None,
) -> Estimator:
    """Make an estimator that is not yet fitted.

    Args:
        kind: Name of the kind.
        targets: What to predict.
        seed: Seed of its private random generators.
        threads: Threads of the fit and of predictions.
        params: Parameters that differ from their defaults.

    Raises:
        ModelParameterError: If the kind or a parameter is unknown, or a value impossible.
        MissingLibraryError: If the kind's library is not installed.
    """
    checked = check_params(kind, params or {})
    return _estimator_class(kind)(targets=targets, seed=seed, threads=threads, params=checked)


def load_estimator(folder: Path) -> Estimator:
    """Load a fitted estimator of any kind. No stored code is executed.

    Raises:
        EstimatorFormatError: If the folder does not hold one that this version can read.
        MissingLibraryError: If its library is not installed.
    """
    path = folder / "estimator.json"
    try:
        kind = json.loads(path.read_text(encoding="utf-8"))["kind"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EstimatorFormatError(f"{path} does not describe an estimator: {error}.") from error
    if kind not in _KINDS:
        raise EstimatorFormatError(
            f"{path} describes an estimator of the kind {kind!r}, which this version does not know."
        )
    return _estimator_class(kind).load(folder)


def _estimator_class(kind: str) -> type[Estimator]:
    module, name = _ESTIMATORS[kind]
    try:
        return cast("type[Estimator]", getattr(import_module(module), name))
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library in ("", __name__.partition(".")[0]):
            raise
        extra = f"yule-models[{_EXTRA[library]}]" if library in _EXTRA else library
        raise MissingLibraryError(
            f"The kind {kind!r} needs {library}, which is not installed: pip install '{extra}'."
        ) from error
