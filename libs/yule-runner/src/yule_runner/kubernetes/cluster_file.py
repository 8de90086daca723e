"""A cluster as a JSON file describes it: where pods run, as whom, and on which node pools."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from yule_runner.errors import YuleRunnerError
from yule_runner.kubernetes.job_spec import SharedFolder
from yule_runner.kubernetes.pools import NodeRequirement, Pool, Toleration
from yule_runner.kubernetes.settings import ClusterSettings

__all__ = ["ClusterFile", "ClusterFileError", "read_cluster_file"]

Json = dict[str, Any]
Fields = Mapping[str, Callable[[Any, str], Any]]


class ClusterFileError(YuleRunnerError):
    """The file does not describe a cluster."""

    exit_code = 2


@dataclass(frozen=True, kw_only=True)
class ClusterFile:
    """What is in the file.

    Attributes:
        settings: of the runs.
        context: of the kubeconfig; None for the current one, or the pod's own account.
    """

    settings: ClusterSettings
    context: str | None


def read_cluster_file(path: Path) -> ClusterFile:
    """Read a file with the fields of `ClusterSettings`, and `context`.

    Raises:
        ClusterFileError: it cannot be read, or a field is wrong; which, and what it should be.
        PoolDefinitionError: a pool is impossible.
    """
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise ClusterFileError(f"The cluster {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ClusterFileError(f"The cluster {path} is not JSON: {error}.") from error
    fields = _record(document, str(path), _CLUSTER, ("run", "namespace", "image", "store", "pools"))
    context = fields.pop("context", None)
    store = fields["store"]
    if "://" not in store and not Path(store).is_absolute():
        raise ClusterFileError(
            f"{path}: `store` is {store!r}: pods have other working directories, so name a bucket, "
            "as gs://bucket/prefix, or an absolute path on a volume that all of them share."
        )
    if not fields["pools"]:
        raise ClusterFileError(f"{path}: `pools` is empty: describe at least one node pool.")
    return ClusterFile(settings=ClusterSettings(**fields), context=context)


def _record(value: Any, where: str, fields: Fields, required: tuple[str, ...] = ()) -> Json:
    if not isinstance(value, dict):
        raise ClusterFileError(f"{where} must be a JSON object, got {value!r}.")
    for name in value:
        if name not in fields:
            close = difflib.get_close_matches(name, fields, n=1)
            advice = f"Did you mean `{close[0]}`?" if close else f"There are {', '.join(fields)}."
            raise ClusterFileError(f"{where} has no field `{name}`. {advice}")
    for name in required:
        if name not in value:
            raise ClusterFileError(f"{where} lacks the field `{name}`.")
    return {name: fields[name](each, f"{where}: `{name}`") for name, each in value.items()}


def _of(kind: type, word: str, value: Any, where: str) -> Any:
    is_number = isinstance(value, int) and kind is float
    if isinstance(value, bool) or not (isinstance(value, kind) or is_number):
        raise ClusterFileError(f"{where} must be {word}, got {value!r}.")
    return value


def _list(item: Callable[[Any, str], Any], value: Any, where: str) -> tuple[Any, ...]:
    _of(list, "a list", value, where)
    return tuple(item(each, f"{where}[{place}]") for place, each in enumerate(value))


def _texts(value: Any, where: str) -> dict[str, str]:
    _of(dict, "a JSON object", value, where)
    return {name: _text(each, f"{where}.{name}") for name, each in value.items()}


def _made(kind: Any, fields: Fields, required: tuple[str, ...], value: Any, where: str) -> Any:
    return kind(**_record(value, where, fields, required))


def _one_of(words: tuple[str, ...], value: Any, where: str) -> str:
    if value not in words:
        raise ClusterFileError(f"{where} must be one of {', '.join(words)}, got {value!r}.")
    return str(value)


_text = partial(_of, str, "a text")
_count = partial(_of, int, "a whole number")
_number = partial(_of, float, "a number")
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
_REQUIREMENT: Fields = {
    "key": _text,
    "operator": partial(_one_of, _OPERATORS),
    "values": partial(_list, _text),
}
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_TOLERATION: Fields = {"key": _text, "value": _text, "effect": partial(_one_of, _EFFECTS)}
_POOL: Fields = {
    "name": _text,
    "cpu": _number,
    "memory_gib": _number,
    "gpu": _count,
    "spot": partial(_one_of, ("on-demand", "spot", "spot-with-escape")),
    "node_selector": _texts,
    "requirements": partial(
        _list, partial(_made, NodeRequirement, _REQUIREMENT, ("key", "operator"))
    ),
    "tolerations": partial(_list, partial(_made, Toleration, _TOLERATION, ("key",))),
    "gpu_resource": _text,
}
_FOLDER: Fields = {"claim": _text, "path": _text}
_CLUSTER: Fields = {
    "run": _text,
    "namespace": _text,
    "image": _text,
    "store": _text,
    "pools": partial(_list, partial(_made, Pool, _POOL, ("name", "cpu", "memory_gib"))),
    "service_account": _text,
    "priority_class": _text,
    "parallelism": _count,
    "retries": _count,
    "environment": _texts,
    "shared_folders": partial(_list, partial(_made, SharedFolder, _FOLDER, ("claim", "path"))),
    "context": _text,
}
