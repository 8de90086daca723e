"""The JSON Schema of a case file, with the options of every feature method and model."""

from typing import Any

from yule_cli.config.model import Case

__all__ = ["case_schema"]


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that editors complete and check with."""
    from mushroom import feature_schema
    from yule_models import PRESETS, describe_kind, model_kinds

    schema = Case.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Yule case"
    features = schema["properties"]["features"]
    features["anyOf"] = [{"type": "array", "items": feature_schema()}, {"const": "auto"}]
    features["default"] = "auto"
    schema["properties"]["models"]["anyOf"].insert(1, {"enum": list(PRESETS)})
    entry = schema["$defs"]["ModelEntry"]
    entry["properties"]["kind"]["enum"] = list(model_kinds())
    entry["allOf"] = [_when_kind(kind, describe_kind(kind)) for kind in model_kinds()]
    return schema


def _when_kind(kind: str, description: Any) -> dict[str, Any]:
    return {
        "if": {"properties": {"kind": {"const": kind}}},
        "then": {"properties": {"params": description.json_schema()}},
    }
