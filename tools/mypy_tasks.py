"""A mypy plugin: tasks take their parameters as keyword arguments.

luigi declares its tasks to be dataclasses, whose fields have annotations. Parameters that are
declared without one, as in `fold = luigi.IntParameter()`, are then unknown to mypy.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import ARG_STAR2, TypeInfo
from mypy.plugin import FunctionSigContext, Plugin
from mypy.types import AnyType, FunctionLike, TypeOfAny

_TASK = "gokart_store.task.StoredTask"


def plugin(_version: str) -> type[Plugin]:
    """Return the plugin; mypy calls this."""
    return _TaskPlugin


class _TaskPlugin(Plugin):
    def get_function_signature_hook(
        self, fullname: str
    ) -> Callable[[FunctionSigContext], FunctionLike] | None:
        symbol = self.lookup_fully_qualified(fullname)
        called = symbol.node if symbol else None
        is_task = isinstance(called, TypeInfo) and called.has_base(_TASK)
        return _any_keywords if is_task else None


def _any_keywords(context: FunctionSigContext) -> FunctionLike:
    # luigi itself refuses an unknown name, with a good message, when the graph is built.
    return context.default_signature.copy_modified(
        arg_types=[AnyType(TypeOfAny.special_form)], arg_kinds=[ARG_STAR2], arg_names=["parameters"]
    )
