"""A column that knows the outcome is named wherever a person looks."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml
from shop import run_yule
from variants import change, quick_shop, run, table, write


def leaking_shop(folder: Path) -> Path:
    """The shop with calls whose length is known only after what the label says.

    One entry of the catalogue says so, and another has it known with the call.
    """
    case = quick_shop(folder, is_tracked=True)
    labels = table(case, "labels")
    day = pa.scalar(86_400_000_000, pa.duration("us"))
    random = np.random.default_rng(5)
    ordered = labels["ordered"].to_numpy()
    minutes = ordered * 30.0 + random.gamma(2, 5, len(ordered))
    at = pa.compute.subtract(labels["as_of"], day)
    write(case, "calls", pa.table({"customer": labels["customer"], "at": at, "minutes": minutes}))
    catalog = case.with_name("catalog.yaml")
    tables = yaml.safe_load(catalog.read_text())
    tables["tables"]["calls"] = {
        "kind": "events",
        "table": "calls",
        "entity": "customer",
        "time": "at",
        "measures": {"minutes": "minutes"},
    }
    tables["tables"]["calls_of_agents"] = {
        "kind": "events",
        "table": "calls",
        "entity": "customer",
        "time": "at",
        "measures": {"length": {"column": "minutes", "known_at": {"after": "outcome"}}},
    }
    catalog.write_text(yaml.safe_dump(tables))

    def edit(fields: dict[str, Any]) -> None:
        calls = {"name": "calls", "method": "event_windows", "table": "calls"}
        fields["features"].append({**calls, "windows": ["2d"], "aggregates": ["sum"]})

    change(case, edit)
    return case


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run(leaking_shop(tmp_path_factory.mktemp("leaking")))


def test_the_leak_is_named_in_the_json(ran: dict[str, Any]) -> None:
    assert ran["leaks"]["suspects"] == ["calls.2d.minutes.sum", "calls.minutes"]
    found = ran["leaks"]["targets"]["ordered"]
    assert found["ranking"][0]["score"] > 0.9
    assert found["lead"] > found["margin"]


def test_what_the_catalogue_contradicts_is_named(ran: dict[str, Any]) -> None:
    [late] = ran["leaks"]["late_columns"]
    assert late["name"] == "calls.minutes"
    assert "by `calls_of_agents.length` is known only after the outcome" in late["reason"]


def test_what_is_known_after_the_outcome_is_refused_before_anything_runs(tmp_path: Path) -> None:
    case = leaking_shop(tmp_path)
    late = {"column": "minutes", "known_at": {"after": "outcome"}}
    change(
        case.with_name("catalog.yaml"),
        lambda fields: fields["tables"]["calls"]["measures"].update(minutes=late),
    )
    change(case, lambda fields: fields["features"][-1].update(measures=["minutes"]))

    completed = run_yule("run", case)

    assert completed.returncode == 2
    assert "'minutes' of `calls` is known only after the outcome" in completed.stderr
    assert not (tmp_path / ".yule" / "store" / "cache").exists()


def test_the_report_draws_it_first(ran: dict[str, Any]) -> None:
    report = Path(ran["paths"]["report"]).read_text()
    assert "Suspected of a leak: calls.2d.minutes.sum." in report
    assert report.index('id="leaks"') < report.index('id="target-1"')


def test_mlflow_finds_the_run_by_it(ran: dict[str, Any]) -> None:
    database = ran["mlflow"]["uri"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT value FROM tags WHERE run_uuid = ? AND key = 'yule.leak_suspects'"
        found = connection.execute(query, [ran["mlflow"]["run_id"]]).fetchall()
    assert found == [("calls.2d.minutes.sum, calls.minutes",)]


def test_the_summary_warns(ran: dict[str, Any]) -> None:
    case = Path(ran["paths"]["run"]).parents[2] / "case.yaml"
    printed = " ".join(run_yule("run", case).stdout.split())
    assert "Suspected leaks: do not believe the scores yet" in printed
    assert "calls.2d.minutes.sum alone foretells far more than the rest" in printed
    assert "`calls.minutes` reads the column `minutes` of calls, which by" in printed


def test_the_honest_shop_raises_no_suspicion(plain: dict[str, Any]) -> None:
    leaks = plain["leaks"]
    assert (leaks["suspects"], leaks["late_columns"]) == ([], [])
    assert json.loads(Path(plain["paths"]["run"], "run.json").read_text())["leaks"] == leaks
