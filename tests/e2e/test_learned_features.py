"""Features that learn, under each scheme of validation, in whole runs."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from variants import change, features, prediction_bytes, predictions, quick_shop, run, table, write

LEARNED = [
    {"name": "pages", "method": "top_categories", "table": "visits", "values": 2},
    {"name": "tastes", "method": "item_embeddings", "table": "visits", "category": "page"}
    | {"dimensions": 2},
]
SEQUENCES = {"name": "last", "method": "event_sequences", "table": "visits", "length": 5}


def learning_shop(folder: Path, scheme: str) -> Path:
    case = quick_shop(folder)

    def edit(fields: dict[str, Any]) -> None:
        fields["features"] += [*LEARNED, SEQUENCES]
        fields["validation"] = {"scheme": scheme, "folds": 2}

    change(case, edit)
    if scheme == "stratified":  # which takes one row of each entity
        labels = table(case, "labels")
        times = labels["as_of"].unique().to_pylist()
        own = [times[who % len(times)] for who in labels["customer"].to_pylist()]
        kept = [at == wanted for at, wanted in zip(labels["as_of"].to_pylist(), own, strict=True)]
        write(case, "labels", labels.filter(pa.array(kept)))
    return case


@pytest.mark.parametrize(
    ("scheme", "sets_of_features"), [("stratified", 1), ("grouped", 2), ("forward", 2)]
)
def test_a_case_that_learns_runs_under_each_scheme(
    tmp_path: Path, scheme: str, sets_of_features: int
) -> None:
    case = learning_shop(tmp_path, scheme)
    first = run(case)

    predictions(first)
    # for the training rows and for the population: two features that do not learn, a description;
    # and the searches for leaks and for drift
    shared = 2 * 3 + 2
    # a fit and, for both, the features of it, and the joined table
    learned = sets_of_features * ((len(LEARNED) + 1) * (1 + 2) + 2)
    assert first["stages"]["features"]["computed"] == shared + learned
    columns = {name for row in features(case) for name in row}
    assert {"pages.all.page.other.count", "tastes.d1"} <= columns
    assert not any(name.startswith("last.") for name in columns)
    resolved = Path(first["paths"]["resolved"])
    until = json.loads(resolved.read_text())["fit_until"]
    assert len(until) == 2
    assert len(set(until)) == (2 if scheme == "forward" else 1)

    second = run(case)
    assert second["tasks"]["computed"] == 0
    assert prediction_bytes(second) == prediction_bytes(first)
    assert Path(second["paths"]["resolved"]).read_bytes() == resolved.read_bytes()


def test_auto_tells_the_last_events_to_a_model_that_reads_them(tmp_path: Path) -> None:
    case = quick_shop(tmp_path)

    def edit(fields: dict[str, Any]) -> None:
        del fields["features"]
        small = {"units": 4, "width": 8, "epochs": 1, "dropout": 0.0}
        fields["models"] += [{"name": "gru", "kind": "sequence", "params": small}]

    change(case, edit)
    printed = run(case)

    predictions(printed)
    chosen = json.loads(Path(printed["paths"]["resolved"]).read_text())["features"]
    in_order = [entry for entry in chosen if entry["method"] == "event_sequences"]
    assert [(entry["name"], entry["table"]) for entry in in_order] == [
        ("orders_in_order", "orders"),
        ("visits_in_order", "visits"),
    ]
    assert "gru" in printed["learning"]
    assert not any(name.startswith("orders_in_order") for row in features(case) for name in row)
