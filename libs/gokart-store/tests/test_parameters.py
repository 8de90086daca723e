import json
import math
from typing import Any

import luigi
import numpy as np
import pytest
from gokart_store import (
    CanonicalJson,
    JsonParameter,
    ParameterValueError,
    StoredTask,
    UpstreamParameter,
)
from samples import Everything, Number, Total


class Options(StoredTask[Any]):
    options = JsonParameter()


def test_a_json_parameter_holds_canonical_text() -> None:
    options = Options(options={"b": 1.0, "a": [True]}).options

    assert isinstance(options, CanonicalJson)
    assert options == '{"a":[true],"b":1}'
    assert options.value == {"a": [True], "b": 1}


def test_changing_a_value_changes_nobody_else_s() -> None:
    task = Options(options={"a": [1]})

    task.options.value["a"].append(2)

    assert task.options.value == {"a": [1]}


def test_a_json_parameter_is_parsed_from_a_command_line() -> None:
    parameter = JsonParameter()

    assert parameter.parse('{"b": 1, "a": 2.0}') == '{"a":2,"b":1}'
    assert parameter.parse(parameter.serialize({"a": "x"})).value == {"a": "x"}
    with pytest.raises(ParameterValueError, match="is not JSON: Expecting property name"):
        parameter.parse("{")


@pytest.mark.parametrize("value", [object(), {"a": float("nan")}, {1: 2}])
def test_what_is_not_json_is_no_parameter(value: Any) -> None:
    with pytest.raises(ParameterValueError):
        Options(options=value)


def test_an_upstream_is_written_as_its_id() -> None:
    above = Number(value=1)

    assert UpstreamParameter().serialize(above) == above.make_unique_id()
    with pytest.raises(ParameterValueError, match="cannot be built from its id"):
        UpstreamParameter().parse(above.make_unique_id())


def test_only_stored_tasks_are_upstream() -> None:
    with pytest.raises(ParameterValueError, match=r"takes a stored task .*, got 3"):
        Total(left=3)
    with pytest.raises(ParameterValueError, match="takes a list or a tuple of stored tasks, got"):
        Total(left=Number(value=1), others=Number(value=2))
    with pytest.raises(ParameterValueError, match="got 'x'"):
        Total(left=Number(value=1), others=["x"])


def test_upstream_tasks_are_required_by_name() -> None:
    first, second, third = (Number(value=value) for value in range(3))
    task = Total(left=first, others=[second, third])

    assert task.requires() == {"left": first, "others": (second, third)}
    assert task.upstream() == (first, second, third)


@pytest.mark.parametrize(
    "parameter", [luigi.DictParameter(), luigi.ListParameter(), luigi.TupleParameter()]
)
def test_parameters_with_ambiguous_texts_are_refused(parameter: luigi.Parameter[Any]) -> None:
    with pytest.raises(ParameterValueError, match=r"Wrong\.p is a \w+, whose ids differ between"):
        type("Wrong", (StoredTask,), {"p": parameter, "__module__": __name__})


def test_an_ambiguous_parameter_that_is_not_significant_does_no_harm() -> None:
    cls = type(
        "Right",
        (StoredTask,),
        {"p": luigi.DictParameter(default={}, significant=False), "__module__": __name__},
    )

    assert cls(p={"a": 1}).make_unique_id() == cls(p={"a": 2}).make_unique_id()


def test_a_description_is_json() -> None:
    task = Everything(
        options={"a": 1},
        rate=0.5,
        count=2,
        flag=True,
        name="n",
        day=luigi.DateParameter().parse("2026-11-24"),
        above=Number(value=1),
        among=[Number(value=2)],
    )

    described = task.describe()

    assert json.loads(json.dumps(described)) == described
    assert described["class"] == "samples.Everything"
    assert described["version"] == 3
    assert described["format"] == "json/1"
    assert described["fingerprint"] == {"engine": "duckdb 2.0"}
    assert described["parameters"] == {
        "above": Number(value=1).make_unique_id(),
        "among": [Number(value=2).make_unique_id()],
        "count": 2,
        "day": "2026-11-24",
        "flag": True,
        "name": "n",
        "options": '{"a":1}',
        "rate": 0.5,
    }


class Flags(StoredTask[Any]):
    flag = luigi.BoolParameter()
    maybe = luigi.OptionalBoolParameter(default=None)


@pytest.mark.parametrize("value", [1, 0, "yes", None])
def test_a_flag_is_true_or_false(value: Any) -> None:
    with pytest.raises(ParameterValueError, match=r"Flags\.flag was given a value other than True"):
        Flags(flag=value)


def test_an_optional_flag_may_be_missing() -> None:
    ids = {Flags(flag=True, maybe=maybe).make_unique_id() for maybe in (None, True, False)}

    assert len(ids) == 3


class Plain(StoredTask[Any]):
    name = luigi.Parameter(default="n")
    count = luigi.IntParameter(default=1)
    rate = luigi.FloatParameter(default=0.5)


@pytest.mark.parametrize("value", [None, [], {}, b"x"])
@pytest.mark.parametrize(
    ("parameter", "words"), [("name", "a text"), ("count", "a whole number"), ("rate", "a number")]
)
def test_a_value_is_of_the_type_of_its_parameter(parameter: str, words: str, value: Any) -> None:
    with pytest.raises(ParameterValueError, match=rf"^Plain\.{parameter} takes {words}, got ."):
        Plain(**{parameter: value})


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("name", 3), ("count", 1.5), ("count", math.inf), ("count", "3"), ("rate", "")],
)
def test_a_number_is_no_text_and_a_text_no_number(parameter: str, value: Any) -> None:
    with pytest.raises(ParameterValueError, match=rf"Plain\.{parameter} takes .*, got {value!r}\."):
        Plain(**{parameter: value})


def test_numbers_of_numpy_are_numbers() -> None:
    task = Plain(count=np.int64(3), rate=np.float64(2))

    assert task.make_unique_id() == Plain(count=3, rate=2).make_unique_id()
