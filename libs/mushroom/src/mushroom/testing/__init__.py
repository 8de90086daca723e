"""Contract suites: every feature method and every warehouse must pass them.

Install the extra ``mushroom[testing]``, subclass a suite in a test module, and pytest collects it:

    from mushroom.testing import FeatureMethodContract

    class TestMyMethod(FeatureMethodContract):
        method = MY_METHOD
        options = ({"table": "events"},)

Names are imported on first use, when Hypothesis' profile is chosen: the suites take its number of
examples where it is smaller than theirs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mushroom.testing.feature_contract import FeatureMethodContract
    from mushroom.testing.function_contract import FunctionContract
    from mushroom.testing.learned_contract import LearnedMethodContract
    from mushroom.testing.warehouse_contract import WarehouseContract
    from mushroom.testing.world import World, entity_rows

_MODULE_OF = {
    "FeatureMethodContract": "feature_contract",
    "FunctionContract": "function_contract",
    "LearnedMethodContract": "learned_contract",
    "WarehouseContract": "warehouse_contract",
    "World": "world",
    "entity_rows": "world",
}

__all__ = [
    "FeatureMethodContract",
    "FunctionContract",
    "LearnedMethodContract",
    "WarehouseContract",
    "World",
    "entity_rows",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
