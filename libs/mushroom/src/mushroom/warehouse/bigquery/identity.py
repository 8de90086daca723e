"""Names that a repeated submission gives again, and labels as BigQuery takes them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from mushroom.query import LocalRows, Query
from mushroom.warehouse.digests import rows_digest

__all__ = ["job_id", "labels_of"]

_NOT_ALLOWED = re.compile(r"[^\w-]")
_LABEL_LENGTH = 63


def job_id(query: Query, *, text: str, moment: str, states: Mapping[str, str]) -> str:
    """The id of the job that answers a query over tables in a known state.

    Labels, limits and the names of temporary tables have no part in it.

    Args:
        query: The query.
        text: Its text, compiled over names that do not change from run to run.
        moment: The time that it reads the tables as of; empty: as they are.
        states: The identity of each table's content.
    """
    rows = {
        name: rows_digest(relation.rows)
        for name, relation in query.relations.items()
        if isinstance(relation, LocalRows)
    }
    meaning = {
        "text": text,
        "parameters": query.identity()["parameters"],
        "rows": rows,
        "moment": moment,
        "states": dict(states),
    }
    digest = hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()
    return f"mushroom-{digest[:40]}"


def labels_of(given: Mapping[str, str]) -> dict[str, str]:
    """Labels as BigQuery takes them: lower-case letters, digits, `_` and `-`, 63 of them.

    >>> labels_of({"Case": "Online Retail/2", "9": "x", "method": ""})
    {'case': 'online_retail_2', 'l_9': 'x', 'method': ''}
    """
    found = {}
    for key, value in given.items():
        name = _NOT_ALLOWED.sub("_", key.lower())
        name = name if name[:1].isalpha() else f"l_{name}"
        found[name[:_LABEL_LENGTH]] = _NOT_ALLOWED.sub("_", value.lower())[:_LABEL_LENGTH]
    return found
