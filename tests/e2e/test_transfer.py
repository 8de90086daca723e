"""One case's network learns with help; another case starts from it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shop import run_yule, write_shop
from variants import change

PARAMS = {"width": 8, "embedding": 2, "bins": 4, "epochs": 3, "batch_rows": 128}
Yule = Callable[[Path], dict[str, Any]]


@pytest.fixture(scope="module")
def spending(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case about spending, of early labels, with orders as an auxiliary target."""
    case = write_shop(tmp_path_factory.mktemp("shop"))
    path = case.parent / "data/labels.parquet"
    labels = pq.read_table(path)
    spent = pa.array([float(row % 7) for row in range(labels.num_rows)])
    pq.write_table(labels.append_column("spent", spent), path)
    times = labels["as_of"].unique().to_pylist()
    early = labels.append_column("spent", spent).slice(0, 3 * labels.num_rows // 5)
    pq.write_table(early, case.parent / "data/early.parquet")
    assert len(times) == 5

    def earlier(fields: dict[str, Any]) -> None:
        fields["case"] = "spending"
        fields["labels"] |= {
            "table": "early",
            "targets": {"spent": "regression", "ordered": {"auxiliary": True, "weight": 2}},
        }
        fields["models"] = [{"name": "net", "kind": "neural", "params": PARAMS}]
        fields["validation"] = {"scheme": "forward", "folds": 2}

    there = case.with_name("spending.yaml")
    there.write_text(case.read_text())
    change(there, earlier)
    return there


@pytest.mark.timeout(600)
def test_a_case_starts_from_what_another_has_learned(spending: Path, yule: Yule) -> None:
    first = yule(spending)
    assert list(first["metrics"]) == ["spent"]
    learned = first["learning"]["net"]
    assert learned["auxiliary"] == ["ordered"]
    assert learned["labels"]["ordered"] == learned["labels"]["spent"] > 0
    trunk = spending.with_name("trunk.safetensors")
    told = run_yule("trunk", first["paths"]["run"], trunk)
    assert told.returncode == 0, told.stderr
    assert "is the trunk of net, which has learned ordered, spent by" in told.stdout

    def start(fields: dict[str, Any]) -> None:
        entry = {"name": "net", "kind": "neural", "start_from": trunk.name}
        fields["models"] = [
            entry | {"params": {"epochs": 3, "batch_rows": 128, "transfer": "gradual"}}
        ]
        fields["validation"] = {"scheme": "forward", "folds": 2}
        seen = {"name": "seen", "method": "event_windows", "table": "visits", "windows": ["all"]}
        fields["features"] = [fields["features"][0], seen]

    case = spending.with_name("case.yaml")
    change(case, start)
    second = yule(case)
    begun = second["learning"]["net"]["start"]
    assert begun["origin"]["targets"] == ["ordered", "spent"]
    assert begun["origin"]["learned_until"] == "2024-05-30T00:00:00+00:00"
    assert begun["known"] > 0
    assert all(name.startswith("seen.") for name in begun["new"])
    assert all(name.startswith("visits.") for name in begun["lacking"])
    resolved = json.loads(Path(second["paths"]["resolved"]).read_text())
    [net] = [model for model in resolved["models"] if model["name"] == "net"]
    assert net["start"]["sha256"] == begun["sha256"]
    assert net["params"]["width"] == 8

    # The file may be gone: the run has its own copy.
    trunk.unlink()
    elsewhere = spending.parent / "elsewhere"
    again = run_yule("repeat", second["paths"]["run"], "--store", elsewhere, "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["repeats"]["has_same_predictions"] is True
