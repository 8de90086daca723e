"""Online retail: AUC on the test labels, which are scored once, beside what peers reach."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
from harness import Result, copy_example, data_folder, say, yule_run
from sklearn.metrics import log_loss, roc_auc_score

_PEERS = {
    "plain LightGBM, on features written by hand in SQL": 0.741,
    "AutoGluon 1.6.3 (medium), on the same, validated in time": 0.745,
    "AutoGluon 1.6.3 (medium), splitting by itself": 0.729,
}
"""Measured on 2 cores by the authors of Yule, with the same labels and test rows."""
_GOAL = 0.750


def measure() -> Result:
    """Score the population at the time of the test labels, and look its scores up."""
    labels = data_folder("online-retail", "labels.test.parquet") / "labels.test.parquet"
    answers = pq.read_table(labels, columns=["customer_id", "as_of", "purchased"]).to_pandas()
    (as_of,) = answers["as_of"].unique()
    with tempfile.TemporaryDirectory() as folder:
        case = copy_example(Path(folder) / "example")
        text, given = case.read_text(encoding="utf-8"), "as_of: 2011-12-10"
        assert text.count(given) == 1, "The example scores at another time than this one expects."
        case.write_text(text.replace(given, f"as_of: {as_of.isoformat()}"), encoding="utf-8")
        say(f"Training on the example's labels, and scoring at {as_of}.")
        seconds, summary = yule_run(case)
        columns = ["entity_id", "purchased"]
        scores = ds.dataset(summary["paths"]["predictions"]).to_table(columns).to_pandas()
    joined = answers.merge(
        scores.rename(columns={"entity_id": "customer_id", "purchased": "score"}),
        on="customer_id",
        validate="one_to_one",
    )
    assert len(joined) == len(answers), "Not every test row was scored."
    auc = float(roc_auc_score(joined["purchased"], joined["score"]))
    return Result(
        ours=auc,
        reference=max(_PEERS.values()),
        unit="AUC",
        goal=f"at least {_GOAL}",
        is_met=auc >= _GOAL,
        details={
            "log_loss": float(log_loss(joined["purchased"], joined["score"])),
            "rows": len(joined),
            "seconds": seconds,
            "peers": _PEERS,
        },
    )
