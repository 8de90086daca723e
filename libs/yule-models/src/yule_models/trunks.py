"""Trunks as files: described without loading torch, written from stored models, kept in a store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from gokart_store import open_store

from yule_models.errors import EstimatorFormatError, TransferError
from yule_models.registry import load_estimator

if TYPE_CHECKING:
    from yule_models.estimators.neural.transfer import Trunk

__all__ = ["TrunkFacts", "describe_trunk", "keep_trunk", "kept_trunk", "start_of", "trunk_of"]


@dataclass(frozen=True, kw_only=True)
class TrunkFacts:
    """What there is to know of a trunk before it is used.

    Attributes:
        sha256: Of its file; what a case names it by.
        kind: Kind of the model.
        architecture: The parameters that a model which starts from it must have.
        features: The features that it knows.
        origin: What it was trained on; JSON.
    """

    sha256: str
    kind: str
    architecture: Mapping[str, int]
    features: tuple[str, ...]
    origin: Mapping[str, Any]


def describe_trunk(path: Path) -> TrunkFacts:
    """Return what a trunk's file says of itself.

    Raises:
        EstimatorFormatError: If it is no trunk.
        MissingLibraryError: If safetensors is not installed.
    """
    from safetensors import SafetensorError, safe_open

    try:
        content = path.read_bytes()
        with safe_open(path, "numpy") as stored:
            facts = json.loads((stored.metadata() or {})["trunk"])
        return TrunkFacts(
            sha256=hashlib.sha256(content).hexdigest(),
            kind=facts["kind"],
            architecture=facts["architecture"],
            features=tuple(facts["columns"]["names"]),
            origin=facts["origin"],
        )
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise EstimatorFormatError(
            f"{path} is no trunk of a network: {error}. `yule trunk` writes one."
        ) from error


def trunk_of(model: Path, origin: Mapping[str, Any]) -> Trunk:
    """Return the trunk of a stored model.

    Args:
        model: Folder of the fitted estimator.
        origin: What it was trained on; JSON.

    Raises:
        EstimatorFormatError: If the folder holds no estimator.
        TransferError: If the model is no network.
    """
    estimator = load_estimator(model)
    if not estimator.STARTS_FROM_TRUNK:
        raise TransferError(
            f"A model of the kind {estimator.KIND!r} has no trunk; networks have, as `tabm`."
        )
    from yule_models.estimators.neural.estimator import NetworkEstimator

    assert isinstance(estimator, NetworkEstimator)  # noqa: S101  # only networks start from trunks
    return estimator.trunk(origin)


def keep_trunk(store: str, content: bytes) -> str:
    """Put a trunk's file into a store, under its sha256, which is returned."""
    sha256 = hashlib.sha256(content).hexdigest()
    open_store(store).write_bytes(_key(sha256), content)
    return sha256


@contextmanager
def start_of(store: str, model: Mapping[str, Any]) -> Iterator[Path | None]:
    """Lend the trunk that a model starts from, by its `start`; None: it has none.

    Raises:
        TransferError: If it is not there, or damaged.
    """
    sha256 = model.get("start")
    if sha256 is None:
        yield None
        return
    with kept_trunk(store, sha256) as path:
        yield path


@contextmanager
def kept_trunk(store: str, sha256: str) -> Iterator[Path]:
    """Lend the file of a trunk that is kept in a store.

    Raises:
        TransferError: If it is not there, or damaged.
    """
    content = open_store(store).read_bytes(_key(sha256))
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        what = "is not" if content is None else "has changed"
        raise TransferError(
            f"The trunk {sha256[:12]} {what} in {store}, where the run put it: run the case again."
        )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trunk.safetensors"
        path.write_bytes(content)
        yield path


def _key(sha256: str) -> str:
    return f"trunks/{sha256}.safetensors"
