import re
from dataclasses import replace
from typing import Any

import pytest
from yule_models import KindDescription, ModelParameterError, Parameter
from yule_models.parameters import BySize, ColumnSigns, Tried

TREE = KindDescription(
    kind="tree",
    summary="A tree.",
    estimator="some.module:Tree",
    engine="some-engine",
    parameters={
        "depth": Parameter(default=3, doc="Levels.", minimum=1, maximum=8),
        "rate": Parameter(default=0.5, doc="Weight.", is_above_minimum=True),
        "is_pruned": Parameter(default=False, doc="Whether it is pruned."),
    },
)


def test_defaults_are_filled_in_order() -> None:
    checked = TREE.check({"rate": 1})
    assert checked == {"depth": 3, "rate": 1.0, "is_pruned": False}
    assert list(checked) == ["depth", "rate", "is_pruned"]


def test_two_parameters_may_exclude_each_other() -> None:
    kind = replace(TREE, rivals=(("is_pruned", "depth", "Pruned trees have no depth."),))
    assert kind.check({"is_pruned": True, "depth": 3})["is_pruned"]
    assert kind.check({"depth": 4})["depth"] == 4
    message = "'is_pruned' and 'depth' exclude each other: Pruned trees have no depth. Leave one of"
    with pytest.raises(ModelParameterError, match=message) as caught:
        kind.check({"is_pruned": True, "depth": 4})
    assert caught.value.path == ("params", "is_pruned")


def test_values_take_the_type_of_the_default() -> None:
    checked = TREE.check({"depth": 4.0, "rate": 2})
    assert {name: type(value) for name, value in checked.items()} == {
        "depth": int,
        "rate": float,
        "is_pruned": bool,
    }


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("depth", 0, "must be at least 1, got 0."),
        ("depth", 9, "must be at most 8, got 9."),
        ("depth", 2.5, "must be a whole number, got 2.5."),
        ("depth", True, "must be a finite number, got True."),
        ("depth", "3", "must be a finite number, got '3'."),
        ("depth", None, "must be a finite number, got None."),
        ("rate", 0, "must be above 0, got 0."),
        ("rate", float("inf"), "must be a finite number, got inf."),
        ("rate", float("nan"), "must be a finite number, got nan."),
        ("is_pruned", 1, "must be true or false, got 1."),
    ],
)
def test_impossible_values_are_refused(name: str, value: Any, message: str) -> None:
    expected = f"The parameter '{name}' of the kind 'tree' {message}"
    with pytest.raises(ModelParameterError, match=re.escape(expected)) as caught:
        TREE.check({name: value})
    assert caught.value.path == ("params", name)


@pytest.mark.parametrize(("name", "value"), [("depth", 1), ("depth", 8), ("rate", 1e-9)])
def test_values_at_the_bounds_are_taken(name: str, value: float) -> None:
    assert TREE.check({name: value})[name] == value


def test_unknown_names_get_advice() -> None:
    with pytest.raises(ModelParameterError, match="no parameter 'dpeth'; did you mean 'depth'"):
        TREE.check({"dpeth": 1})
    with pytest.raises(ModelParameterError, match="'xyz'; it has depth, rate, is_pruned"):
        TREE.check({"xyz": 1})
    with pytest.raises(ModelParameterError, match="'xyz'; it has none"):
        replace(TREE, kind="plain", parameters={}).check({"xyz": 1})


def test_editors_see_the_same_bounds() -> None:
    assert TREE.json_schema() == {
        "type": "object",
        "description": "A tree.",
        "additionalProperties": False,
        "properties": {
            "depth": {
                "type": "integer",
                "default": 3,
                "description": "Levels.",
                "minimum": 1,
                "maximum": 8,
            },
            "rate": {
                "type": "number",
                "default": 0.5,
                "description": "Weight.",
                "exclusiveMinimum": 0,
            },
            "is_pruned": {
                "type": "boolean",
                "default": False,
                "description": "Whether it is pruned.",
            },
        },
    }


def test_signs_of_columns_have_one_form() -> None:
    signed = replace(TREE, parameters={"monotone": ColumnSigns(doc="Directions.")})
    assert signed.check({}) == {"monotone": {}}
    found = signed.check({"monotone": {"b": -1.0, "a": 1}})["monotone"]
    assert list(found.items()) == [("a", 1), ("b", -1)]
    assert {type(sign) for sign in found.values()} == {int}
    schema = signed.json_schema()["properties"]["monotone"]
    assert schema["additionalProperties"] == {"enum": [-1, 1]}


@pytest.mark.parametrize("value", [{"a": 2}, {"a": True}, {"a": "1"}, {1: 1}, ["a"], "a", None])
def test_other_signs_are_refused(value: Any) -> None:
    signed = replace(TREE, parameters={"monotone": ColumnSigns(doc="Directions.")})
    with pytest.raises(ModelParameterError, match=r"must give columns 1 or -1, as \{age: 1\}, got"):
        signed.check({"monotone": value})


LEAVES = BySize(
    number=Parameter(default=31, doc="Most leaves;", minimum=2), of_few_rows=8, few_rows=1000
)


def test_what_is_not_given_is_chosen_by_the_number_of_rows() -> None:
    assert [LEAVES.choose("auto", rows) for rows in (999, 1000)] == [8, 31]
    assert LEAVES.choose(5.0, 999) == 5
    assert LEAVES.doc == "Most leaves; auto: 31, and 8 below 1,000 rows."


STRENGTH = Tried(
    number=Parameter(default=100.0, doc="Strength;", is_above_minimum=True), values=(1_000, 10)
)


def test_what_is_tried_is_a_number_where_nothing_can_be_tried() -> None:
    assert [STRENGTH.choose(value, 5) for value in ("auto", 7)] == [100, 7]
    expected = "Strength; auto: the best of 1,000, 10 for rows that are set aside, and 100 where"
    assert STRENGTH.doc == f"{expected} there are none."
    assert STRENGTH.default == STRENGTH.normal("auto") == "auto"
    assert STRENGTH.problem(0) == "must be above 0, or be auto"


def test_auto_is_a_value_beside_numbers() -> None:
    sized = replace(TREE, parameters={"leaves": LEAVES})
    assert sized.check({}) == sized.check({"leaves": "auto"}) == {"leaves": "auto"}
    assert sized.check({"leaves": 4.0}) == {"leaves": 4}
    with pytest.raises(ModelParameterError, match="must be at least 2, or be auto, got 1"):
        sized.check({"leaves": 1})
    with pytest.raises(ModelParameterError, match="finite number, or be auto, got 'atuo'"):
        sized.check({"leaves": "atuo"})
    schema = sized.json_schema()["properties"]["leaves"]
    assert schema["anyOf"] == [{"const": "auto"}, {"type": "integer", "minimum": 2}]
