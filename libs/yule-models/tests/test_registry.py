import json
import subprocess
import sys
from pathlib import Path

import pytest
from yule_models import (
    ModelParameterError,
    Target,
    check_params,
    describe_kind,
    load_estimator,
    make_estimator,
    model_kinds,
)
from yule_models.errors import EstimatorFormatError

BOUGHT = (Target(name="bought"),)

_DESCRIBE = """
import sys
from yule_models import check_params, describe_kind, model_kinds
for kind in model_kinds():
    describe_kind(kind).json_schema()
    check_params(kind, {})
print([name for name in ("lightgbm", "sklearn", "torch", "pandas") if name in sys.modules])
"""
_WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None
from yule_models import Target, describe_kind, make_estimator
from yule_models.errors import MissingLibraryError
describe_kind("neural")
arguments = {"targets": [Target(name="y")], "seed": 0, "threads": 1}
make_estimator("gbdt", **arguments)
try:
    make_estimator("neural", **arguments)
except MissingLibraryError as error:
    print(error)
"""


def in_fresh_process(script: str) -> str:
    command = [sys.executable, "-c", script]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_describing_kinds_loads_none_of_their_libraries() -> None:
    assert in_fresh_process(_DESCRIBE) == "[]"


def test_a_kind_whose_library_is_missing_says_what_to_install() -> None:
    assert in_fresh_process(_WITHOUT_TORCH) == (
        "The kind 'neural' needs torch, which is not installed: pip install 'yule-models[neural]'."
    )


@pytest.mark.parametrize("kind", model_kinds())
def test_defaults_are_valid(kind: str) -> None:
    description = describe_kind(kind)
    defaults = {name: parameter.default for name, parameter in description.parameters.items()}
    assert check_params(kind, defaults) == check_params(kind, {}) == defaults
    assert description.kind == kind
    assert all(text.endswith(".") for text in [description.summary, *docs(kind)])


@pytest.mark.parametrize("kind", model_kinds())
def test_an_estimator_gets_complete_parameters(kind: str) -> None:
    estimator = make_estimator(kind, targets=BOUGHT, seed=3, threads=2)
    assert estimator.get_params(deep=False) == {
        "targets": BOUGHT,
        "seed": 3,
        "threads": 2,
        "params": check_params(kind, {}),
    }
    assert kind == estimator.KIND


def test_unknown_kinds_get_advice() -> None:
    with pytest.raises(ModelParameterError, match="'gdbt'; did you mean 'gbdt'") as caught:
        describe_kind("gdbt")
    assert caught.value.path == ("kind",)
    with pytest.raises(
        ModelParameterError, match="'x'; there are gbdt, neural, tabm, sequence, linear"
    ):
        make_estimator("x", targets=BOUGHT, seed=0, threads=1)


def test_unknown_parameters_get_advice() -> None:
    with pytest.raises(ModelParameterError, match="'num_leafs'; did you mean 'num_leaves'"):
        make_estimator("gbdt", targets=BOUGHT, seed=0, threads=1, params={"num_leafs": 3})


def test_folders_without_an_estimator_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EstimatorFormatError, match=r"estimator\.json does not describe"):
        load_estimator(tmp_path)
    path = tmp_path / "estimator.json"
    for text in ("{", "[]", "{}", '"gbdt"'):
        path.write_text(text)
        with pytest.raises(EstimatorFormatError, match=r"estimator\.json does not describe"):
            load_estimator(tmp_path)
    path.write_text(json.dumps({"kind": "forest", "format": 1}))
    with pytest.raises(EstimatorFormatError, match="'forest', which this version does not know"):
        load_estimator(tmp_path)


def docs(kind: str) -> list[str]:
    return [parameter.doc for parameter in describe_kind(kind).parameters.values()]
