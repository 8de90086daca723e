"""Writes a run to MLflow."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yule_cli.interruption import signals_held_back
from yule_cli.secrets import SecretError, conceal, names_secret
from yule_cli.summary import MlflowRun, RunSummary, to_json
from yule_cli.tracking.database import lay_out
from yule_cli.tracking.entry import RUN_TAG, metrics_of, parameters_of, tags_of
from yule_cli.tracking.errors import TrackingError
from yule_cli.tracking.locking import exclusive
from yule_cli.tracking.place import TrackingPlace
from yule_cli.tracking.quiet import quiet_mlflow

if TYPE_CHECKING:
    from mlflow import MlflowClient

__all__ = ["track_run"]

_METRICS_PER_REQUEST = 1000
_PARAMETERS_PER_REQUEST = 100
_STATUS = {"succeeded": "FINISHED", "failed": "FAILED"}


def track_run(
    place: TrackingPlace,
    summary: RunSummary,
    *,
    resolved: Mapping[str, Any],
    artifacts: Sequence[Path] = (),
) -> MlflowRun:
    """Write a run with its parameters, metrics, tags and files; again, it is completed.

    A run that is already there, by its id, is not written twice: so a call that failed half-way can
    be repeated.

    Args:
        place: Where to.
        summary: The run; it becomes `summary.json`, its place in MLflow included.
        resolved: The resolved case.
        artifacts: Files to keep with the run, such as the report; those that do not exist are left
            out.

    Raises:
        TrackingError: If the store cannot be written. Nothing of the run's own is lost.
    """
    lock = place.database.with_name(f"{place.database.name}.lock") if place.database else None
    with _failures_explained(place, summary), quiet_mlflow(), _opened(place) as uri:
        from mlflow import MlflowClient

        with exclusive(lock) if lock else nullcontext():
            if place.database:
                lay_out(place.database)
            client = MlflowClient(tracking_uri=uri)
            experiment_id = _experiment(client, place)
            tags = tags_of(summary, resolved)
            run_id = _run(client, experiment_id, summary, tags)
            tracked = MlflowRun(uri=place.uri, experiment=place.experiment, run_id=run_id)
            _write(client, tracked, summary, parameters_of(resolved), tags)
            for path in artifacts:
                if path.exists():
                    client.log_artifact(run_id, str(path))
            client.set_terminated(run_id, _STATUS[summary.status], end_time=_end_ms(summary))
    return tracked


def _experiment(client: MlflowClient, place: TrackingPlace) -> str:
    from mlflow import MlflowException

    found = client.get_experiment_by_name(place.experiment)
    if found is None:
        location = place.artifacts.as_uri() if place.artifacts else None
        try:
            return str(client.create_experiment(place.experiment, artifact_location=location))
        except MlflowException as error:
            # Another driver may have made it in the meantime.
            found = client.get_experiment_by_name(place.experiment)
            if found is None:
                raise error from None
    if found.lifecycle_stage != "active":
        raise TrackingError(
            f"The MLflow experiment {place.experiment!r} is deleted. Restore it with "
            f"`mlflow experiments restore --experiment-id {found.experiment_id}`, or name another "
            "as `tracking.experiment`."
        )
    return str(found.experiment_id)


def _run(
    client: MlflowClient, experiment_id: str, summary: RunSummary, tags: Mapping[str, str]
) -> str:
    """Return the id of the run in MLflow, made if need be.

    Its status is KILLED until all is written: who dies before leaves no run that seems to go on.
    """
    known = client.search_runs(
        [experiment_id], filter_string=f"tags.`{RUN_TAG}` = '{summary.run_id}'", max_results=1
    )
    if known:
        return str(known[0].info.run_id)
    with signals_held_back():
        run = client.create_run(
            experiment_id,
            start_time=int(summary.started_at.timestamp() * 1000),
            tags=dict(tags),
            run_name=summary.run_id,
        )
        client.update_run(run.info.run_id, status="KILLED")
    return str(run.info.run_id)


def _write(
    client: MlflowClient,
    tracked: MlflowRun,
    summary: RunSummary,
    parameters: Mapping[str, str],
    tags: Mapping[str, str],
) -> None:
    """Log everything but files; times are the run's own, so that a repetition changes nothing."""
    from mlflow.entities import Metric, Param, RunTag

    # With MLflow's `latest value` in mind: the mean has one step, and folds have their own names.
    metrics = [
        Metric(metric.name, metric.value, _end_ms(summary), metric.step)
        for metric in metrics_of(summary)
    ]
    for batch in _batches(metrics, _METRICS_PER_REQUEST):
        client.log_batch(tracked.run_id, metrics=batch)
    params = [Param(name, value) for name, value in parameters.items()]
    for batch in _batches(params, _PARAMETERS_PER_REQUEST):
        client.log_batch(tracked.run_id, params=batch)
    client.log_batch(tracked.run_id, tags=[RunTag(name, value) for name, value in tags.items()])
    client.log_dict(tracked.run_id, to_json(replace(summary, mlflow=tracked)), "summary.json")


def _batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _end_ms(summary: RunSummary) -> int:
    return int((summary.started_at.timestamp() + summary.seconds) * 1000)


@contextmanager
def _opened(place: TrackingPlace) -> Iterator[str]:
    """Lend the URI with its secrets, which are in the environment as long as the block lasts."""
    uri, environment = place.access()
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        yield uri
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _failures_explained(place: TrackingPlace, summary: RunSummary) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if isinstance(error, TrackingError) or not _is_of_the_store(error):
            raise
        reason = _first_line(conceal(str(error), place.uri, folder=place.folder))
        failure = TrackingError(
            f"The run could not be written to MLflow at {place.uri}: {reason} "
            f"Its results are kept in {summary.paths.run}. When MLflow is back, run the case "
            "again: nothing is computed twice, and the new run is tracked."
        )
        # MLflow's own traceback may hold what the URI names.
        raise failure from (None if names_secret(place.uri) else error)


def _is_of_the_store(error: Exception) -> bool:
    from mlflow import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    return isinstance(error, MlflowException | SQLAlchemyError | OSError | SecretError)


def _first_line(text: str) -> str:
    line = text.strip().partition("\n")[0][:500]
    return line if line.endswith(".") else f"{line}."
