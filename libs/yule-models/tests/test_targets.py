import json
import re
from typing import Any

import pytest
from gokart_store import canonical_json
from hypothesis import given
from hypothesis import strategies as st
from yule_models import Target
from yule_models.errors import TargetError

_CLASSES = st.lists(st.text() | st.integers(-9, 9), min_size=2, max_size=5, unique=True)


def test_a_target_has_one_output_or_one_for_each_class() -> None:
    assert Target(name="bought").outputs == 1
    assert Target(name="spend", kind="regression").outputs == 1
    assert Target(name="tier", kind="multiclass", classes=("a", "b", "c")).outputs == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "ordinal"}, "no kind of target 'ordinal'; choose one of binary, multiclass"),
        ({"kind": "multiclass"}, "The multiclass target 'y' has the classes None"),
        ({"classes": ("a", "b")}, "The binary target 'y' has the classes ('a', 'b')"),
        ({"kind": "multiclass", "classes": ("a",)}, "at least two different classes, got ('a',)"),
        ({"kind": "multiclass", "classes": ("a", "a")}, "at least two different classes"),
        ({"weight": 0.0}, "The weight of the target 'y' must be a finite number above 0, got 0.0"),
    ],
)
def test_impossible_targets_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TargetError, match=re.escape(message)):
        Target(name="y", **arguments)


@given(name=st.text(), classes=_CLASSES)
def test_the_json_form_holds_everything(name: str, classes: list[Any]) -> None:
    for target in (
        Target(name=name),
        Target(name=name, kind="regression"),
        Target(name=name, kind="multiclass", classes=tuple(classes)),
    ):
        assert Target.of(json.loads(canonical_json(target.to_json()))) == target
        assert Target.of(target) is target


def test_what_a_target_is_among_others_is_stored_where_it_is_something() -> None:
    assert set(Target(name="y").to_json()) == {"name", "kind", "classes"}
    helping = Target(name="y", weight=0.5, is_auxiliary=True)
    assert Target.of(helping.to_json()) == helping
    assert helping.alone() == Target(name="y")
