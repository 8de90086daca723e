"""Query jobs: estimated, submitted once, adopted if they are there already, cancelled with us."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from mushroom.warehouse.bigquery.budget import Budget
from mushroom.warehouse.bigquery.connection import Connection
from mushroom.warehouse.bigquery.refusals import refusals

if TYPE_CHECKING:
    from google.cloud.bigquery import QueryJob
    from google.cloud.bigquery.table import RowIterator

__all__ = ["Jobs", "Submission"]

_LOG = logging.getLogger(__name__)
_RESULTS_KEPT = timedelta(hours=20)
"""BigQuery keeps the result of a query for about a day."""
_SUBMISSIONS = 3
_CANCEL_S = 10.0
_PAGE_ROWS = 50_000
_RETRIABLE = {
    "backendError",
    "internalError",
    "jobBackendError",
    "jobInternalError",
    "jobRateLimitExceeded",
    "rateLimitExceeded",
}


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A query as it is sent: its text and its parameters."""

    text: str
    parameters: list[Any] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, eq=False)
class Jobs:
    """Runs queries, each under an id that its meaning gives.

    Attributes:
        connection: The clients.
        budget: What may be spent.
        labels: What each job is marked with.
        max_bytes: What BigQuery itself refuses to bill beyond; None: anything is billed.
    """

    connection: Connection
    budget: Budget
    labels: Mapping[str, str]
    max_bytes: int | None = None

    def answer(
        self, job_id: str, submission: Callable[[], Submission], *, reads: str
    ) -> tuple[QueryJob, RowIterator]:
        """The finished job of that id with its rows, whoever submitted it.

        A job that failed, or whose result has gone, is submitted anew under the next of its ids.

        Args:
            job_id: What its ids begin with.
            submission: Gives what to submit; not called where a job is adopted.
            reads: The tables, for errors.

        Raises:
            WarehouseError: The query is beyond a limit, or was refused.
        """
        submitted = 0
        for attempt in count():
            name = f"{job_id}-{attempt}"
            with refusals(f"A query that reads {reads}"):
                job = self._existing(name)
                if job is not None and not _is_usable(job):
                    continue
                if job is None:
                    submitted += 1
                    job = self._submit(name, submission(), reads)
                else:
                    _LOG.info("Adopting the job %s, which is %s.", name, job.state)
                rows = self._finished(job, may_repeat=submitted < _SUBMISSIONS)
            if rows is not None:
                return job, rows
        raise AssertionError("unreachable")  # pragma: no cover

    def _existing(self, name: str) -> QueryJob | None:
        from google.api_core.exceptions import NotFound

        try:
            return self._get(name)
        except NotFound:
            return None

    def _get(self, name: str) -> QueryJob:
        return cast("QueryJob", self.connection.client.get_job(name, **self.connection.calling))

    def _submit(self, name: str, submission: Submission, reads: str) -> QueryJob:
        from google.api_core.exceptions import Conflict
        from google.cloud.bigquery import QueryJobConfig

        client, calling = self.connection.client, self.connection.calling
        options: dict[str, Any] = {
            "query_parameters": submission.parameters,
            "labels": dict(self.labels),
        }
        dry = client.query(
            submission.text, job_config=QueryJobConfig(dry_run=True, **options), **calling
        )
        self.budget.plan(name, dry.total_bytes_processed or 0, reads=reads)
        if self.max_bytes is not None:
            options["maximum_bytes_billed"] = self.max_bytes
        try:
            return client.query(
                submission.text,
                job_config=QueryJobConfig(**options),
                job_id=name,
                job_retry=None,
                **calling,
            )
        except Conflict:
            # It arrived before: through a connection that then broke, or from another process.
            return self._get(name)
        except (KeyboardInterrupt, SystemExit):
            self._cancel(name)
            raise

    def _finished(self, job: QueryJob, *, may_repeat: bool) -> RowIterator | None:
        """The rows of a job once it is done; None where it failed and may be repeated."""
        from google.api_core.exceptions import GoogleAPICallError

        retry = self.connection.calling["retry"]
        try:
            return job.result(page_size=_PAGE_ROWS, retry=retry, job_retry=None)
        except GoogleAPICallError:
            reason = (job.error_result or {}).get("reason")
            if may_repeat and reason in _RETRIABLE:
                _LOG.warning("The job %s failed (%s); submitting it again.", job.job_id, reason)
                return None
            raise
        except (KeyboardInterrupt, SystemExit):
            self._cancel(str(job.job_id))
            raise

    def _cancel(self, name: str) -> None:
        from google.api_core.exceptions import GoogleAPIError
        from requests.exceptions import RequestException

        with suppress(GoogleAPIError, RequestException):
            self.connection.client.cancel_job(name, timeout=_CANCEL_S)


def _is_usable(job: QueryJob) -> bool:
    """Whether the job is on its way to a result, or has one that is still kept."""
    if job.state != "DONE":
        return True
    is_kept = job.ended is None or datetime.now(UTC) - job.ended < _RESULTS_KEPT
    return job.error_result is None and is_kept
