"""Prints the ids of the same tasks, built in the order that the first argument names."""

import json
import sys
from collections.abc import Callable
from datetime import date

from gokart_store import StoredTask
from samples import Everything, Number, Total

_ONE = {"int": 1, "float": 1.0, "bool": True}


def everything(one: object, options: dict[str, object]) -> StoredTask[object]:
    return Everything(
        options=options,
        rate=one,
        count=one,
        flag=True,
        name="ジョブ 🍄",
        day=date(2026, 11, 24),
        above=Number(value=one),
        among=[Total(left=Number(value=2), others=[Number(value=one)])],
    )


def builders() -> dict[str, Callable[[], StoredTask[object]]]:
    return {
        "int": lambda: everything(_ONE["int"], {"a": 1, "b": {"c": 2, "d": [1.0, True]}}),
        "float": lambda: everything(_ONE["float"], {"b": {"d": [1, True], "c": 2.0}, "a": 1.0}),
        "bool": lambda: everything(_ONE["bool"], {"b": {"c": 2, "d": [1.0, True]}, "a": 1}),
    }


if __name__ == "__main__":
    order = sys.argv[1].split(",")
    print(json.dumps({name: builders()[name]().make_unique_id() for name in order}, sort_keys=True))
