"""Contract suites: every feature method and every warehouse must pass them.

Install the extra ``mushroom[testing]``, subclass a suite in a test module, and pytest collects it:

    from mushroom.testing import FeatureMethodContract

    class TestMyMethod(FeatureMethodContract):
        method = MY_METHOD
        options = ({"table": "events"},)
"""

from mushroom.testing.feature_contract import FeatureMethodContract
from mushroom.testing.function_contract import FunctionContract
from mushroom.testing.learned_contract import LearnedMethodContract
from mushroom.testing.warehouse_contract import WarehouseContract
from mushroom.testing.world import World, entity_rows

__all__ = [
    "FeatureMethodContract",
    "FunctionContract",
    "LearnedMethodContract",
    "WarehouseContract",
    "World",
    "entity_rows",
]
