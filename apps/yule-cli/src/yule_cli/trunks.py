"""The trunk of a network that an earlier run has trained."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from gokart_store import GokartStoreError
from yule_models import TrainFold, TrunkFacts, YuleModelsError, describe_kind, describe_trunk
from yule_models import trunk_of as trunk_of_model
from yule_models.folds import split_fold

from yule_cli.errors import CaseError
from yule_cli.graph import compose
from yule_cli.repetition import EarlierRun

__all__ = ["export_trunk"]


def export_trunk(earlier: EarlierRun, file: Path, *, model: str | None = None) -> TrunkFacts:
    """Write the trunk of a network, as its last fold has trained it.

    Args:
        earlier: The run.
        file: The file to write.
        model: Name of the model; None where the run has one network.

    Raises:
        CaseError: If there is no such network, or its fit is not in the store, or the file cannot
            be written.
    """
    resolved = earlier.resolved
    name = _network(earlier, model)
    fits = compose(resolved).fits
    task = fits[name, max(fold for of, fold in fits if of == name)]
    try:
        stored = task.result()
        summary = stored.json("summary.json")
        trunk = trunk_of_model(
            stored.path("model"),
            {
                "case": resolved.case,
                "run_id": earlier.run_id,
                "model": name,
                "targets": [target["name"] for target in task.targets.value],
                "rows": summary["training_rows"] + summary["inner_rows"],
                "learned_until": _learned_until(task),
            },
        )
    except (YuleModelsError, GokartStoreError) as error:
        raise CaseError(
            [f"The trunk of {name!r} of {earlier.path} is not there: {error}"]
        ) from error
    try:
        trunk.write(file)
    except OSError as error:
        raise CaseError([f"{file} cannot be written: {error.strerror}."]) from error
    return describe_trunk(file)


def _network(earlier: EarlierRun, model: str | None) -> str:
    networks = [
        entry["name"]
        for entry in earlier.resolved.models
        if "transfer" in describe_kind(entry["kind"]).parameters
    ]
    if model is None and len(networks) == 1:
        return str(networks[0])
    if model in networks:
        return str(model)
    if not networks:
        problem = f"{earlier.path} has no network among its models, and only networks have trunks."
    elif model is None:
        problem = f"{earlier.path} has the networks {', '.join(networks)}: name one by `--model`."
    else:
        near = difflib.get_close_matches(model, networks, n=1)
        advice = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(networks)}."
        problem = f"{earlier.path} has no network {model!r}; {advice}"
    raise CaseError([problem])


def _learned_until(task: TrainFold) -> str | None:
    """Return when the last outcome was known that the fit has learned from."""
    folds: pa.Table = task.folds.result()
    rows = folds.take(pa.array(split_fold(folds, task.fold).training))
    ends: Any = rows["label_end"] if not rows["label_end"].null_count else rows["as_of"]
    last = pc.max(ends.cast(pa.timestamp("us", "UTC"))).as_py()
    return None if last is None else last.isoformat()
