"""Writes docs/reference/case-file.md from the JSON Schema of a case file, or checks it."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from yule_cli.config.schema import case_schema

PAGE = Path(__file__).parents[1] / "docs/reference/case-file.md"

_HEAD = """# The case file

One YAML file is one request. `yule validate` checks it, and `yule schema` prints the JSON Schema
that this page is written from, by `tools/write_case_reference.py`. Unknown fields are refused. The
shortest case that is of use:

```yaml
case: shortest
warehouse: duckdb:data
catalog: catalog.yaml
labels:
  table: [labels_train, labels_val]
  entity: customer_id
  as_of: as_of
  horizon: 60d
  targets: {purchased: binary}
score: {population: purchases}
```

Without `features` each events table of the catalogue is described over windows that follow from
the labels' horizon and from how far the data reach back, each attributes table that can tell the
past by all its columns, and what events refer to by a few aggregates; where one of the `models`
reads sequences, so are the last events. `resolved.json` has what was chosen. What the catalogue
says is in [mushroom's README](../../libs/mushroom/README.md#the-catalogue).
"""
_SECTIONS = {
    "Labels": "labels",
    "TargetEntry": "labels.targets.NAME",
    "ModelEntry": "models[]",
    "Search": "models[].search",
    "Validation": "validation",
    "Ensemble": "ensemble",
    "TargetEnsemble": "ensemble.targets.NAME",
    "Score": "score",
    "Contact": "score.contact.NAME",
    "Tracking": "tracking",
    "Run": "run",
    "Cluster": "run.cluster",
    "NodePool": "run.cluster.pools[]",
    "Label": "run.cluster.pools[].requirements[]",
    "Taint": "run.cluster.pools[].tolerations[]",
    "SharedVolume": "run.cluster.volumes[]",
}
_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
}


def main() -> int:
    """Write the page, or compare it; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if it differs")
    options = parser.parse_args()
    text = "\n".join(case_reference(case_schema())).rstrip() + "\n"
    if not options.check:
        PAGE.write_text(text, encoding="utf-8")
    elif text != PAGE.read_text(encoding="utf-8"):
        print(f"{PAGE.name} is not what the schema says: run {Path(__file__).name}.")
        return 1
    return 0


def case_reference(schema: Mapping[str, Any]) -> Iterator[str]:
    """Return the lines of the page."""
    yield _HEAD
    yield from _table(schema, schema["$defs"])
    for name, section in sorted(schema["$defs"].items(), key=_place):
        yield f"## {_title(name)}\n"
        yield f"{section['description']}\n"
        yield from _table(section, schema["$defs"])
    yield "## features[]\n"
    for method in schema["properties"]["features"]["anyOf"][0]["items"]["oneOf"]:
        yield f"### method: {method['title']}\n"
        yield f"{method['description']}\n"
        yield from _table(method, schema["$defs"])
    yield "## models[].params\n"
    for case in schema["$defs"]["ModelEntry"]["allOf"]:
        params = case["then"]["properties"]["params"]
        yield f"### kind: {case['if']['properties']['kind']['const']}\n"
        yield f"{params['description']}\n"
        if params["properties"]:
            yield from _table(params, schema["$defs"])


def _table(section: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    yield "| field | values | default | meaning |\n|---|---|---|---|"
    for name, field in section["properties"].items():
        described = _resolved(field, definitions)
        meaning = str(field.get("description") or described.get("description", ""))
        meaning = meaning.replace("<", "&lt;").replace("|", "\\|")
        yield f"| `{name}` | {_values(field)} | {_default(name, field, section)} | {meaning} |"
    yield ""


def _default(name: str, field: Mapping[str, Any], section: Mapping[str, Any]) -> str:
    if name in section.get("required", []):
        return "*required*"
    return "" if field.get("default") is None else f"`{json.dumps(field['default'])}`"


def _values(field: Mapping[str, Any]) -> str:
    match field:
        case {"$ref": reference}:
            title = _title(reference.rpartition("/")[2])
            text = f"[{title}](#{_anchor(title)})"
        case {"const": value}:
            text = f"`{value}`"
        case {"enum": values}:
            text = ", ".join(f"`{value}`" for value in values)
        case {"anyOf": choices}:
            text = " or ".join(_values(one) for one in choices if one.get("type") != "null")
        case {"oneOf": _}:
            text = "[features[]](#features)"
        case {"items": items}:
            text = f"list of {_values(items)}"
        case {"patternProperties": by_name}:
            text = " or ".join(f"by name: {_values(one)}" for one in by_name.values())
        case _:
            text = " ".join([str(field.get("type", "any")), *_bounds(field)])
    return text


def _bounds(field: Mapping[str, Any]) -> Iterator[str]:
    for bound, words in _BOUNDS.items():
        if bound in field:
            yield f"{words} {field[bound]}"


def _place(item: tuple[str, Any]) -> tuple[int, str]:
    known = list(_SECTIONS)
    return (known.index(item[0]) if item[0] in known else len(known), item[0])


def _title(name: str) -> str:
    return _SECTIONS.get(name, name)


def _anchor(title: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def _resolved(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = field.get("$ref")
    found: Mapping[str, Any] = definitions[reference.rpartition("/")[2]] if reference else field
    return found


if __name__ == "__main__":
    sys.exit(main())
