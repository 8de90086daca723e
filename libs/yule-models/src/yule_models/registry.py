"""From the name of a kind to its description and its estimator, whose library is loaded late."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from yule_models.errors import EstimatorFormatError, MissingLibraryError, ModelParameterError
from yule_models.kinds import KINDS
from yule_models.parameters import KindDescription

if TYPE_CHECKING:
    from yule_models.estimators import Estimator
    from yule_models.targets import Target

__all__ = [
    "check_params",
    "describe_kind",
    "learned_targets",
    "load_estimator",
    "make_estimator",
    "model_kinds",
]

_EXTRA = {"torch": "neural"}


def model_kinds() -> tuple[str, ...]:
    """Return the names of all kinds, whether or not their libraries are installed.

    Example:
        >>> model_kinds()
        ('gbdt', 'neural', 'tabm', 'sequence', 'linear', 'constant')
    """
    return tuple(KINDS)


def describe_kind(kind: str) -> KindDescription:
    """Return what there is to know about a kind.

    Raises:
        ModelParameterError: If there is no such kind.
    """
    if kind not in KINDS:
        near = difflib.get_close_matches(kind, KINDS, n=1)
        advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(KINDS)}."
        raise ModelParameterError(f"There is no kind of model {kind!r}; {advice}", path=("kind",))
    return KINDS[kind]


def check_params(kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kind's parameters with every default filled in.

    Raises:
        ModelParameterError: If the kind or a parameter is unknown, or a value impossible.
    """
    return describe_kind(kind).check(params)


def learned_targets(
    kind: str, params: Mapping[str, Any], targets: Sequence[Target]
) -> tuple[Target, ...]:
    """Return what a model learns of the targets of a case.

    Kinds whose targets help each other learn all of them, but for auxiliary ones where their
    parameter `auxiliary` is false; others learn the predicted ones, each by itself.

    Args:
        kind: Name of the kind.
        params: Parameters that differ from their defaults.
        targets: The targets of the case.

    Raises:
        ModelParameterError: If there is no such kind.
    """
    is_joint = describe_kind(kind).learns_together
    if is_joint and params.get("auxiliary", True):
        return tuple(targets)
    kept = (target for target in targets if not target.is_auxiliary)
    return tuple(target if is_joint else target.alone() for target in kept)


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
        targets: What to predict; see `learned_targets`.
        seed: Seed of its private random generators.
        threads: Threads of the fit and of predictions.
        params: Parameters that differ from their defaults.

    Raises:
        ModelParameterError: If the kind or a parameter is unknown, or a value impossible.
        MissingLibraryError: If the kind's library is not installed.
    """
    checked = check_params(kind, params or {})
    learned = learned_targets(kind, checked, targets)
    return _estimator_class(kind)(targets=learned, seed=seed, threads=threads, params=checked)


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
    if kind not in KINDS:
        raise EstimatorFormatError(
            f"{path} describes an estimator of the kind {kind!r}, which this version does not know."
        )
    return _estimator_class(kind).load(folder)


def _estimator_class(kind: str) -> type[Estimator]:
    module, _, name = KINDS[kind].estimator.partition(":")
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
