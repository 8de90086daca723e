import json
from typing import Any

import pytest
from mushroom.features import FEATURE_METHODS
from typer.testing import CliRunner
from yule_cli.main import app


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    result = CliRunner().invoke(app, ["schema"])
    assert result.exit_code == 0, result.stderr
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def test_describes_every_field(schema: dict[str, Any]) -> None:
    assert schema["required"] == ["case", "warehouse", "catalog", "labels", "score"]
    undescribed = [
        name
        for name, field in schema["properties"].items()
        if "description" not in field and "$ref" not in field
    ]
    assert undescribed == []


def test_knows_feature_methods_and_model_parameters(schema: dict[str, Any]) -> None:
    listed, auto = schema["properties"]["features"]["anyOf"]
    choices = listed["items"]["oneOf"]
    kinds = schema["$defs"]["ModelEntry"]["allOf"]

    assert [c["properties"]["method"]["const"] for c in choices] == [*FEATURE_METHODS]
    assert auto == {"const": "auto"}
    gbdt = kinds[0]["then"]["properties"]["params"]["properties"]
    assert gbdt["num_leaves"]["anyOf"][1]["minimum"] == 2
