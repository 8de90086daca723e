import json
from dataclasses import replace
from pathlib import Path

from yule_cli.summary import RunPaths, RunSummary, to_json

GOLDEN = Path(__file__).parent / "golden"


def test_the_object_is_the_documented_one(summary: RunSummary) -> None:
    text = json.dumps(to_json(summary), indent=2, allow_nan=False) + "\n"

    assert text == (GOLDEN / "summary.json").read_text(encoding="utf-8")


def test_a_failed_run_says_what_it_knows(summary: RunSummary) -> None:
    failed = replace(
        summary,
        status="failed",
        error="TrainFold failed.",
        targets=(),
        mlflow=None,
        paths=RunPaths(run=Path("/r"), resolved=Path("/r/resolved.json")),
    )

    found = to_json(failed)

    assert (found["status"], found["error"]) == ("failed", "TrainFold failed.")
    assert (found["metrics"], found["mlflow"], found["tensorboard"]) == ({}, None, None)
    assert found["paths"]["predictions"] is None
