"""What one look at a Job does: counts, makes and removes pods, and writes the status (syncJob)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.clock import time_text
from yule_runner.testing.kubernetes.controllers.recorder import EventRecorder
from yule_runner.testing.kubernetes.jobs import pods as of
from yule_runner.testing.kubernetes.jobs.backoff import BackoffRecord, next_record
from yule_runner.testing.kubernetes.jobs.conditions import condition, ensure, is_finished
from yule_runner.testing.kubernetes.jobs.context import SyncContext, read_context
from yule_runner.testing.kubernetes.jobs.manage import manage
from yule_runner.testing.kubernetes.jobs.outcome import decide
from yule_runner.testing.kubernetes.jobs.pod_control import PodControl
from yule_runner.testing.kubernetes.jobs.tracking import track
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.status import ApiError
from yule_runner.testing.kubernetes.storage.selectors import matches_label_selector

__all__ = ["JobSync"]

Json = dict[str, Any]

_JOB, _POD = BY_KIND["Job"], BY_KIND["Pod"]
_BATCH_S = 1.0
_NAME = "kubernetes.io/job-controller"


class JobSync:
    """Looks at one Job at a time.

    Args:
        operations: the API.
        control: what makes and removes pods.
        recorder: of events.
        sync_after: called with a Job's key and the seconds after which it is to be looked at again.
    """

    def __init__(
        self,
        operations: Operations,
        control: PodControl,
        recorder: EventRecorder,
        sync_after: Callable[[str, float], None],
    ) -> None:
        self._api, self._store, self._clock = operations, operations.store, operations.clock
        self._control, self._recorder, self._sync_after = control, recorder, sync_after
        self._backoff: dict[str, BackoffRecord] = {}

    def __call__(self, key: str) -> None:
        """Look at a Job, by namespace and name.

        Raises:
            ApiError: what the API refuses; the Job is then to be looked at again.
        """
        stored = self._store.get(_JOB, *key.split("/"))
        if stored is None or is_finished(stored) or not _is_ours(stored):
            self._backoff.pop(key, None)
            return
        now_s = self._clock.now_s
        seen = read_context(copy.deepcopy(stored), self._claim(stored))
        if "startTime" not in seen.status and not seen.is_suspended:
            seen.status["startTime"] = time_text(now_s)
        seen.backoff = self._next_backoff(key, seen)
        before = dict(stored.get("status", {}))
        decide(seen, now_s, lambda wait_s: self._sync_after(key, wait_s))
        refusal, is_suspension_new = None, False
        active = len(seen.active)
        if seen.finished is not None:
            for pod in seen.active:
                self._control.delete(seen.job, pod)
            seen.terminating += active
            seen.ready, active = 0, 0
        else:
            active, refusal, is_suspension_new = self._manage(seen, key)
        counts = {"active": active, "ready": seen.ready, "terminating": seen.terminating}
        is_changed = is_suspension_new or any(
            before.get(name, 0 if name == "active" else None) != count
            for name, count in counts.items()
        )
        seen.status.update(counts)
        terminal = track(
            seen,
            now_s,
            is_changed=is_changed,
            write=lambda job: self._write(key, seen, job),
            release=self._control.release,
        )
        if terminal is not None:
            self._report(seen.job, terminal)
        if refusal is not None:
            raise refusal

    def _manage(self, seen: SyncContext, key: str) -> tuple[int, ApiError | None, bool]:
        now_s, active, refusal = self._clock.now_s, len(seen.active), None
        is_managed = "deletionTimestamp" not in seen.job["metadata"]
        if is_managed:
            active, refusal = manage(
                seen,
                self._control,
                now_s,
                lambda wait_s: self._sync_after(key, max(wait_s, _BATCH_S)),
            )
        completions = seen.spec.get("completions")
        needed = 1 if completions is None else completions
        if seen.succeeded >= needed and active == 0:
            text = "Reached expected number of succeeded pods"
            seen.finished = condition("SuccessCriteriaMet", "CompletionsReached", text, now_s)
            return active, refusal, False
        return active, refusal, is_managed and self._note_suspension(seen)

    def _note_suspension(self, seen: SyncContext) -> bool:
        word = "Suspended" if seen.is_suspended else "Resumed"
        text, status = f"Job {word.lower()}", str(seen.is_suspended)
        now_s = self._clock.now_s
        wanted = condition("Suspended", f"Job{word}", text, now_s, status)
        if not ensure(seen.status["conditions"], wanted):
            return False
        self._recorder.record(seen.job, "Normal", word, text)
        if not seen.is_suspended:
            seen.status["startTime"] = time_text(now_s)
        elif "startTime" in seen.status:
            del seen.status["startTime"]
        return True

    def _claim(self, job: Json) -> list[Json]:
        """Return the Job's pods: adopt what its selector selects, let go what it no longer does."""
        mine, is_going = [], "deletionTimestamp" in job["metadata"]
        for pod in self._store.objects(_POD, job["metadata"]["namespace"]):
            owner, is_ending = of.controller_of(pod), "deletionTimestamp" in pod["metadata"]
            is_selected = matches_label_selector(
                job["spec"]["selector"], pod["metadata"].get("labels", {})
            )
            if owner is None:
                if is_selected and not is_going and not is_ending:
                    mine.append(self._control.adopt(job, pod))
            elif owner["uid"] == job["metadata"]["uid"]:
                if is_selected:
                    mine.append(pod)
                elif not is_ending:
                    self._control.disown(job, pod)
        return mine

    def _next_backoff(self, key: str, seen: SyncContext) -> BackoffRecord:
        succeeded = seen.valid(lambda pod: of.phase(pod) == "Succeeded", "succeeded")
        failed = seen.valid(lambda pod: of.is_failed(pod, seen.job), "failed")
        return next_record(self._backoff.get(key, BackoffRecord()), succeeded, failed)

    def _write(self, key: str, seen: SyncContext, job: Json) -> Json:
        namespace, name = key.split("/")
        status = {field: value for field, value in job["status"].items() if value != []}
        for field in ("active", "succeeded", "failed"):
            if not status.get(field):
                status.pop(field, None)
        body = job | {"status": status}
        self._backoff[key] = seen.backoff
        stored = self._api.update(_JOB, namespace, name, body, subresource="status")
        return copy.deepcopy(stored)

    def _report(self, job: Json, terminal: Json) -> None:
        if terminal["type"] == "Failed":
            self._recorder.record(job, "Warning", terminal["reason"], terminal["message"])
            return
        completions = job["spec"].get("completions")
        if completions is not None and job["status"].get("succeeded", 0) > completions:
            text = "Too many succeeded pods running after completion count reached"
            self._recorder.record(job, "Warning", "TooManySucceededPods", text)
        self._recorder.record(job, "Normal", "Completed", "Job completed")


def _is_ours(job: Json) -> bool:
    """Say whether this controller manages the Job (KEP-4368)."""
    return bool(job["spec"].get("managedBy", _NAME) == _NAME)
