"""The base of every task: an identity that is its meaning, and a result stored all at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar, cast

import gokart
import luigi
from gokart.parameter import ExplicitBoolParameter

from gokart_store.canonical import digest
from gokart_store.entry import Entry
from gokart_store.errors import GokartStoreError, ParameterValueError
from gokart_store.formats import Format, JsonFormat
from gokart_store.parameters import UpstreamParameter
from gokart_store.resources import Resources
from gokart_store.stores import open_store
from gokart_store.target import StoredTarget
from gokart_store.values import canonical_value, check_value

__all__ = ["StoredTask"]

T = TypeVar("T")

# Their text depends on key order, on 1 against 1.0, or holds whole tasks.
_AMBIGUOUS = (
    luigi.DictParameter,
    luigi.ListParameter,
    luigi.TupleParameter,
    gokart.TaskInstanceParameter,
    gokart.ListTaskInstanceParameter,
)


class StoredTask(gokart.TaskOnKart[T], Generic[T]):
    """A gokart task with a verified entry in a store.

    A subclass sets `VERSION` and `format`, declares its parameters, and in `run` computes one
    result and hands it to `dump`, or writes files inside `writing`.

    The identity of a task is its module-qualified class, its `VERSION`, its significant parameters,
    the ids of its upstream tasks, its format, and `fingerprint()`. It never covers the store, the
    commit, or insignificant parameters.
    """

    VERSION: ClassVar[int] = 1
    """Raised when the computation changes its meaning: results under the old one are left alone."""

    format: ClassVar[Format[Any]] = JsonFormat()
    """How the result is stored."""

    should_dump_supplementary_log_files = ExplicitBoolParameter(default=False, significant=False)
    complete_check_at_run = ExplicitBoolParameter(default=False, significant=False)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse parameters whose text, and so the task's id, would be ambiguous."""
        super().__init_subclass__(**kwargs)
        for name, parameter in vars(cls).items():
            if isinstance(parameter, _AMBIGUOUS) and parameter.significant:
                raise ParameterValueError(
                    f"{cls.__qualname__}.{name} is a {type(parameter).__name__}, whose ids differ "
                    "between processes; use JsonParameter, or an upstream parameter for a task."
                )

    @classmethod
    def get_params(cls) -> list[tuple[str, luigi.Parameter[Any]]]:
        """Return the parameters by name, in luigi's order."""
        return _parameters_of(cls)

    @classmethod
    def get_param_values(cls, params: Any, args: Any, kwargs: Any) -> list[tuple[str, Any]]:
        """Return the parameters with their values, in luigi's order.

        Raises:
            ParameterValueError: If a value is of another type than its parameter.
        """
        if not args:  # which may stand for any parameter
            kwargs = {**_gokart_settings(cls), **kwargs}
        values: list[tuple[str, Any]] = super().get_param_values(params, args, kwargs)  # type: ignore[no-untyped-call]
        for (name, value), (_, parameter) in zip(values, params, strict=True):
            if name not in _GOKART_PARAMETERS:
                check_value(parameter, value, f"{cls.__name__}.{name}")
        return values

    def fingerprint(self) -> dict[str, Any]:
        """Return further facts (JSON) of the identity: a query's text, an engine's version."""
        return {}

    def required_resources(self) -> Resources:
        """Return what this task needs of its machine."""
        return Resources()

    def run(self) -> None:
        """Compute the result from the upstream's results, and store it.

        Raises:
            NotImplementedError: If the subclass does not define it.
        """
        raise NotImplementedError(f"{type(self).__qualname__} must define run().")

    def requires(self) -> dict[str, Any]:
        """Return the upstream tasks by parameter name; where there are several, as a tuple."""
        return {
            name: getattr(self, name)
            for name, parameter in self.get_params()
            if isinstance(parameter, UpstreamParameter)
        }

    def upstream(self) -> tuple[StoredTask[Any], ...]:
        """Return all upstream tasks, in the order of their parameters."""
        tasks: list[StoredTask[Any]] = []
        for value in self.requires().values():
            tasks.extend(value if isinstance(value, tuple) else (value,))
        return tuple(tasks)

    @cached_property
    def entry(self) -> Entry:
        """The task's place in its store."""
        unique_id = self.make_unique_id()
        folder = f"{type(self).__module__}/{type(self).__qualname__}".replace("<locals>.", "")
        return Entry(open_store(self.workspace_directory), f"cache/{folder}/{unique_id}", unique_id)

    def output(self) -> StoredTarget:
        """Return the gokart target over the entry."""
        return StoredTarget(self.entry, self.format, self.describe())

    def result(self) -> T:
        """Load what this task has stored, verified.

        Raises:
            MissingEntryError: If it has not run yet.
            CorruptEntryError: If the bytes are not those it stored.
        """
        return cast("T", self.output().load())

    def dump(
        self, obj: Any, target: Any = None, custom_labels: dict[Any, Any] | None = None
    ) -> None:
        """Store the result.

        gokart's own would look the task's class up by its bare name, and fail where two modules
        have one of that name.
        """
        if target is not None:
            super().dump(obj, target, custom_labels)
        else:
            self.output().dump(obj)

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """Lend a folder inside `run`; its files become the result when the block ends."""
        with self.entry.writing(self.describe()) as folder:
            yield folder

    def side_folder(self, name: str) -> Path:
        """Return a folder at a stable path for files outside the result: curves, checkpoints.

        Where the store is remote, it is this machine's own; see `sharing`.
        """
        return open_store(self.workspace_directory).side_folder(self.side_prefix(name))

    @contextmanager
    def sharing(self, name: str) -> Iterator[Path]:
        """Lend the side folder inside `run`; `shared_folder` shows its files on other machines.

        They are seen there some ten seconds after they were written.
        """
        store = open_store(self.workspace_directory)
        with store.sharing(self.side_prefix(name)) as folder:
            yield folder

    def shared_folder(self, name: str) -> Path:
        """Return the side folder with what was shared in it, by whichever machine."""
        return open_store(self.workspace_directory).shared(self.side_prefix(name))

    def side_prefix(self, name: str) -> str:
        """Return the key of the side folder in the store."""
        return f"side/{name}/{self.make_unique_id()}"

    def describe(self) -> dict[str, Any]:
        """Return the task's class, version, significant parameters and fingerprint, as JSON."""
        return self._description

    @cached_property
    def _description(self) -> dict[str, Any]:
        return {
            "class": f"{type(self).__module__}.{type(self).__qualname__}",
            "version": self.VERSION,
            "format": self.format.name,
            "parameters": self._canonical_parameters(),
            "fingerprint": self.fingerprint(),
        }

    def _make_hash_id(self) -> str:
        if type(self).__module__ == "__main__":
            raise GokartStoreError(
                f"The task {type(self).__qualname__} is defined in a script; move it to a "
                "module that other processes can import, so that they agree on its id."
            )
        return digest(self.describe())[:32]

    def _canonical_parameters(self) -> dict[str, Any]:
        return {
            name: canonical_value(parameter, getattr(self, name))
            for name, parameter in self.get_params()
            if parameter.significant and name not in _GOKART_PARAMETERS
        }

    def __repr__(self) -> str:
        # gokart's own writes the whole upstream, which grows exponentially with depth.
        return f"{type(self).__qualname__}({self.make_unique_id()})"

    def __hash__(self) -> int:
        return hash((type(self), self.make_unique_id(), self.workspace_directory))

    def __eq__(self, other: object) -> bool:
        # luigi compares 40 bits of a hash, and takes 1, 1.0 and True for the same.
        return (
            isinstance(other, StoredTask)
            and type(self) is type(other)
            and self.make_unique_id() == other.make_unique_id()
            and self.workspace_directory == other.workspace_directory
        )


@cache
def _parameters_of(cls: type[StoredTask[Any]]) -> list[tuple[str, luigi.Parameter[Any]]]:
    # luigi searches all attributes of a class anew each time, several times for each task.
    parameters: list[tuple[str, luigi.Parameter[Any]]]
    parameters = super(StoredTask, cls).get_params()  # type: ignore[no-untyped-call]
    return parameters


@cache
def _gokart_settings(cls: type[StoredTask[Any]]) -> dict[str, Any]:
    # luigi looks each of these up in its configuration four times for each task, which takes longer
    # than all else about a task. They configure gokart; where a task's result lies is not cached.
    settings = [
        (name, parameter)
        for name, parameter in cls.get_params()
        if name in _GOKART_PARAMETERS and name != "workspace_directory"
    ]
    return dict(super(StoredTask, cls).get_param_values(settings, (), {}))  # type: ignore[no-untyped-call]


_GOKART_PARAMETERS = frozenset(name for name, _ in gokart.TaskOnKart.get_params())
