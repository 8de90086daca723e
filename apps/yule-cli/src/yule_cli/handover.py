"""What a run hands over once all is computed: predictions, and what to expect of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from gokart_store import digest, open_store
from mushroom import MushroomError
from yule_models.alignment import row_weights

from yule_cli.contacting import contacts_of
from yule_cli.errors import RunFailedError
from yule_cli.graph import CaseGraph
from yule_cli.preparation import Prepared
from yule_cli.publication import prediction_manifest, publish, write_predictions
from yule_cli.sharing import publish_to_bucket
from yule_cli.summary import PublishedTable, RunSummary

__all__ = ["fill_table", "hand_over"]


def hand_over(summary: RunSummary, prepared: Prepared) -> RunSummary:
    """Publish the predictions as files, in a folder or the bucket, and say whom to contact."""
    resolved, graph, state = prepared.resolved, prepared.graph, prepared.state
    predictions = graph.predictions.result()
    model_version = graph.ensemble.make_unique_id()[:12]
    facts = {
        "case": resolved.case,
        "model_version": model_version,
        "resolved_digest": resolved.digest,
        "columns": {field.name: str(field.type) for field in predictions.schema},
    }
    manifest = prediction_manifest(predictions, run_id=summary.run_id, facts=facts)
    artefact = graph.ensemble.result()
    contacts = contacts_of(
        resolved,
        predictions,
        artefact.table("oof.parquet"),
        artefact.json("metrics.json")["curves"],
        _validated_weights(graph),
    )
    published: Path | str
    if state.bucket:
        store = open_store(state.bucket)
        published = publish_to_bucket(predictions, store, resolved.case, manifest)
    else:
        published = publish(predictions, state.predictions / resolved.case, manifest)
    return replace(
        summary,
        paths=replace(summary.paths, predictions=published),
        contacts=contacts,
        model_version=model_version,
        rows_scored=predictions.num_rows,
        predictions_digest=digest(manifest["sha256"]),
    )


def fill_table(summary: RunSummary, prepared: Prepared) -> RunSummary:
    """Write the published predictions into the table that the case names, if it names one.

    Raises:
        RunFailedError: The warehouse has refused them; they are published as files all the same.
    """
    table, source = prepared.publish, prepared.resolved.source
    if table is None:
        return summary
    task = prepared.graph.predictions
    warehouse = table.warehouse or source["warehouse"]
    try:
        write_predictions(
            task.result(),
            table,
            source["warehouse"],
            root=Path(source["root"]),
            name=f"{summary.case} {task.make_unique_id()}",
            labels=source["job_labels"],
        )
    except MushroomError as error:
        raise RunFailedError(
            f"The predictions are in {summary.paths.predictions}, but not in the table "
            f"{table.table!r} of {warehouse}: {error} Start the same command again when that is "
            "mended: what is computed is stored."
        ) from error
    filled = PublishedTable(warehouse=warehouse, table=table.table, how=table.how)
    return replace(summary, table=filled)


def _validated_weights(graph: CaseGraph) -> npt.NDArray[np.float64] | None:
    """Return the weights of the rows with out-of-fold predictions, where rows have weights."""
    weights = row_weights(graph.labels.result().table())
    folds = graph.ensemble.folds.result()["fold"].to_numpy()
    return None if weights is None else weights[folds >= 0]
