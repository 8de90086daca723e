"""luigi parameters whose serialised form, and so a task's id, depends on the meaning alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import luigi

from gokart_store.canonical import canonical_json
from gokart_store.errors import ParameterValueError

if TYPE_CHECKING:
    from gokart_store.task import StoredTask

__all__ = ["CanonicalJson", "JsonParameter", "UpstreamListParameter", "UpstreamParameter"]


class CanonicalJson(str):
    """A JSON value held as its canonical text: hashable, comparable, immutable."""

    __slots__ = ()

    @classmethod
    def of(cls, value: Any) -> CanonicalJson:
        """Write a value canonically; a `CanonicalJson` stays as it is."""
        return value if isinstance(value, cls) else cls(canonical_json(value))

    @property
    def value(self) -> Any:
        """The JSON value, parsed afresh: changing it changes nobody else's."""
        return json.loads(self)


class JsonParameter(luigi.Parameter[CanonicalJson]):
    """A parameter that takes any JSON value; the task's attribute is a `CanonicalJson`."""

    def normalize(self, x: Any) -> CanonicalJson:
        """Bring a value into canonical form; called by luigi for every value."""
        return CanonicalJson.of(x)

    def parse(self, x: str) -> CanonicalJson:
        """Parse a JSON text."""
        try:
            return CanonicalJson.of(json.loads(x))
        except json.JSONDecodeError as error:
            raise ParameterValueError(f"{x!r} is not JSON: {error}.") from error

    def serialize(self, x: Any) -> str:
        """Write the canonical text."""
        return str(CanonicalJson.of(x))

    def _warn_on_wrong_param_type(self, param_name: str, param_value: Any) -> None:
        """Accept every JSON value: luigi's own check expects a str."""


class UpstreamParameter(luigi.Parameter[Any]):
    """A parameter whose value is a task, and whose text is only that task's unique id.

    gokart's `TaskInstanceParameter` writes whole tasks into each other: a diamond of depth 16 takes
    10 MB.
    """

    def normalize(self, x: Any) -> StoredTask[Any]:
        """Check that the value is a stored task."""
        return _checked_task(x)

    def parse(self, x: str) -> Any:
        """Refuse: an id alone does not say how to build its task."""
        raise ParameterValueError(
            f"The task {x!r} cannot be built from its id; build the graph with its own factory."
        )

    def serialize(self, x: StoredTask[Any]) -> str:
        """Write the task's unique id."""
        return x.make_unique_id()

    def _warn_on_wrong_param_type(self, param_name: str, param_value: Any) -> None:
        """Accept a task: luigi's own check expects a str."""


class UpstreamListParameter(UpstreamParameter):
    """A parameter whose value is a tuple of tasks, and whose text is the list of their ids."""

    def normalize(self, x: Any) -> Any:
        """Check that every item is a stored task; a list becomes a tuple."""
        if not isinstance(x, list | tuple):
            raise ParameterValueError(
                f"An upstream list takes a list or a tuple of stored tasks, got {x!r}."
            )
        return tuple(_checked_task(task) for task in x)

    def serialize(self, x: Any) -> str:
        """Write the tasks' unique ids."""
        return canonical_json([task.make_unique_id() for task in x])


def _checked_task(value: Any) -> StoredTask[Any]:
    from gokart_store.task import StoredTask

    if not isinstance(value, StoredTask):
        raise ParameterValueError(
            f"An upstream parameter takes a stored task (a subclass of StoredTask), got {value!r}."
        )
    return value
