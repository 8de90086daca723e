from typing import Any

import pytest
from gokart_store import ParameterValueError, Resources


def test_a_task_that_declares_nothing_needs_little() -> None:
    assert Resources() == Resources(cpu=1, memory_gib=1, gpu=0)


@pytest.mark.parametrize("wrong", [{"cpu": 0}, {"memory_gib": -1}, {"gpu": -1}])
def test_impossible_resources_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterValueError, match="is impossible: cpu and memory_gib must be posi"):
        Resources(**wrong)
