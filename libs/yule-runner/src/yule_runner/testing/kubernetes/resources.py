"""Which kinds of object there are, and where the API serves them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BY_KIND", "RESOURCES", "Resource", "find_resource"]

_READ_WRITE = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of the API.

    Attributes:
        group: API group; empty for the core group.
        plural: its name in paths.
        kind: its name in objects.
        namespaced: whether objects lie in a namespace.
        subresources: what is served below an object.
        short_names: what `kubectl get` also understands.
        in_all: whether `kubectl get all` shows it.
    """

    group: str
    plural: str
    kind: str
    namespaced: bool = True
    subresources: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    in_all: bool = False
    verbs: tuple[str, ...] = _READ_WRITE

    @property
    def api_version(self) -> str:
        """`apiVersion` of its objects."""
        return f"{self.group}/v1" if self.group else "v1"


RESOURCES = (
    Resource(group="", plural="configmaps", kind="ConfigMap", short_names=("cm",)),
    Resource(group="", plural="events", kind="Event", short_names=("ev",)),
    Resource(
        group="",
        plural="namespaces",
        kind="Namespace",
        namespaced=False,
        subresources=("status",),
        short_names=("ns",),
        verbs=tuple(verb for verb in _READ_WRITE if verb != "deletecollection"),
    ),
    Resource(
        group="",
        plural="nodes",
        kind="Node",
        namespaced=False,
        subresources=("status",),
        short_names=("no",),
    ),
    Resource(
        group="",
        plural="pods",
        kind="Pod",
        subresources=("binding", "eviction", "log", "status"),
        short_names=("po",),
        in_all=True,
    ),
    Resource(
        group="",
        plural="resourcequotas",
        kind="ResourceQuota",
        subresources=("status",),
        short_names=("quota",),
    ),
    Resource(group="", plural="serviceaccounts", kind="ServiceAccount", short_names=("sa",)),
    Resource(
        group="scheduling.k8s.io",
        plural="priorityclasses",
        kind="PriorityClass",
        namespaced=False,
        short_names=("pc",),
    ),
    Resource(group="batch", plural="jobs", kind="Job", subresources=("status",), in_all=True),
)

BY_KIND = {resource.kind: resource for resource in RESOURCES}


def find_resource(group: str, plural: str) -> Resource | None:
    """Return the resource that a path names, or None."""
    found = (each for each in RESOURCES if (each.group, each.plural) == (group, plural))
    return next(found, None)
