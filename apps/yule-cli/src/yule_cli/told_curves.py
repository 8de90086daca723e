"""What a driver in the cluster tells in the store of its fits' learning curves."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from gokart_store import GokartStoreError, Store
from yule_runner.pod_files import job_prefix

__all__ = ["WAITS", "Curve", "curves_told", "tell_curves"]

_log = logging.getLogger(__name__)

WAITS = "waits"
_NAME = re.compile(r"(?!\.)[^/\\\0]+")


@dataclass(frozen=True, kw_only=True)
class Curve:
    """The learning curve of one fit.

    Attributes:
        model: Name of the model.
        fold: From 0.
        prefix: Key of the folder of event files in the store.
        state: `waits`, `trains` or `ended`.
    """

    model: str
    fold: int
    prefix: str
    state: str = WAITS


def curves_told(store: Store, job: str, uid: str) -> list[Curve]:
    """Return the curves of the fits of a driver in the cluster, as it has told them.

    What no driver would tell is left out: whoever may write to the store could have written it.

    Args:
        store: The run's.
        job: Name of the driver's Job.
        uid: Of the driver's Job.

    Raises:
        GokartStoreError: The store is out of reach.
    """
    data = store.read_bytes(_key(job, uid)) or b"[]"
    try:
        curves = [Curve(**fields) for fields in json.loads(data)]
        return [curve for curve in curves if _is_sound(curve)]
    except (TypeError, ValueError):
        return []


def _is_sound(curve: Curve) -> bool:
    """Say whether a curve's names stay in the folders that they are for."""
    parts = PurePosixPath(curve.prefix).parts
    return (
        _NAME.fullmatch(curve.model) is not None
        and str(curve.fold).isdecimal()
        and parts[:2] == ("side", "curves")
        and ".." not in parts
    )


def tell_curves(store: Store, job: str, uid: str, curves: Sequence[Curve]) -> None:
    """Tell in the store which fits are trained; a store that does not answer is only a warning."""
    try:
        store.write_bytes(_key(job, uid), json.dumps([asdict(curve) for curve in curves]).encode())
    except (GokartStoreError, OSError) as error:
        _log.warning("Learning curves are not told for now: %s", error)


def _key(job: str, uid: str) -> str:
    return f"{job_prefix(job, uid)}/curves.json"
