"""What a Job's status must satisfy when it is written.

After pkg/registry/batch/job (getStatusValidationOptions) and pkg/apis/batch/validation
(ValidateJobStatusUpdate). Most rules hold only where what they are about has changed.
"""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.index_rules import (
    IndexesError,
    first_overlap,
    read_intervals,
)
from yule_runner.testing.kubernetes.clock import parse_time
from yule_runner.testing.kubernetes.status import (
    FieldError,
    duplicate,
    invalid_field,
    invalid_value,
    required,
)

__all__ = ["job_status_errors"]

Json = dict[str, Any]

_COUNTS = ("active", "succeeded", "failed", "ready", "terminating")
_CONDITIONS = "status.conditions"


def job_status_errors(job: Json, old: Json) -> list[FieldError]:
    """Check a Job with a changed status against the stored one."""
    new, before = _Seen(job), _Seen(old)
    return [
        *_count_errors(new),
        *_terminal_errors(new, before),
        *_finished_errors(new, before),
        *_index_errors(new, before),
        *_pod_count_errors(new, before),
        *_success_errors(new),
        *_transition_errors(new, before),
    ]


class _Seen:
    """A Job and its status, with the questions that the rules ask."""

    def __init__(self, job: Json) -> None:
        self.spec: Json = job["spec"]
        self.status: Json = job.get("status") or {}
        self._true = {
            each["type"]
            for each in self.status.get("conditions") or []
            if each.get("status") == "True"
        }

    def has(self, kind: str) -> bool:
        """Say whether a condition holds."""
        return kind in self._true

    def turned(self, before: _Seen, *kinds: str) -> bool:
        """Say whether one of these conditions has changed."""
        return any(self.has(kind) != before.has(kind) for kind in kinds)

    @property
    def is_finished(self) -> bool:
        """Whether the Job is Complete or Failed."""
        return self.has("Complete") or self.has("Failed")

    @property
    def is_indexed(self) -> bool:
        """Whether each pod has a completion index."""
        return bool(self.spec.get("completionMode") == "Indexed")

    def count(self, name: str) -> int:
        """Return one of the counts."""
        return int(self.status.get(name) or 0)

    def uncounted(self) -> list[tuple[str, str]]:
        """Return path and uid of each pod that is noted and not yet counted."""
        noted = self.status.get("uncountedTerminatedPods") or {}
        return [
            (f"status.uncountedTerminatedPods.{kind}[{place}]", uid)
            for kind in ("succeeded", "failed")
            for place, uid in enumerate(noted.get(kind) or [])
        ]


def _count_errors(new: _Seen) -> list[FieldError]:
    errors = [
        invalid_value(f"status.{name}", new.count(name), "must be greater than or equal to 0")
        for name in _COUNTS
        if new.count(name) < 0
    ]
    seen: set[str] = set()
    for path, uid in new.uncounted():
        if not uid:
            errors.append(invalid_value(path, uid, "must not be empty"))
        elif uid in seen:
            errors.append(duplicate(path, uid))
        seen.add(uid)
    return errors


def _terminal_errors(new: _Seen, before: _Seen) -> list[FieldError]:
    errors = []
    for kind in ("Failed", "FailureTarget"):
        if new.has("Complete") and new.has(kind) and new.turned(before, "Complete", kind):
            text = f"cannot set Complete=True and {kind}=true conditions"
            errors.append(invalid_field(_CONDITIONS, text))
    errors += _completion_time_errors(new, before)
    for kind, interim in (("Failed", "FailureTarget"), ("Complete", "SuccessCriteriaMet")):
        if new.has(kind) and not new.has(interim) and new.turned(before, kind, interim):
            text = f"cannot set {kind}=True condition without the {interim}=true condition"
            errors.append(invalid_field(_CONDITIONS, text))
    return errors


def _completion_time_errors(new: _Seen, before: _Seen) -> list[FieldError]:
    path, errors = "status.completionTime", []
    started, ended = new.status.get("startTime"), new.status.get("completionTime")
    is_ended_anew = ended != before.status.get("completionTime")
    is_started_anew = started != before.status.get("startTime")
    if is_ended_anew or new.turned(before, "Complete"):
        if ended is not None and not new.has("Complete"):
            text = "cannot set completionTime when there is no Complete=True condition"
            errors.append(invalid_value(path, ended, text))
        if ended is None and new.has("Complete"):
            errors.append(required(path, "completionTime is required for Complete jobs"))
    is_time_changed = is_started_anew or is_ended_anew
    if is_time_changed and started and ended and parse_time(ended) < parse_time(started):
        errors.append(invalid_value(path, ended, "completionTime cannot be set before startTime"))
    return errors


def _finished_errors(new: _Seen, before: _Seen) -> list[FieldError]:
    if not new.is_finished:
        return []
    is_turned = not before.is_finished
    errors = []
    if new.count("active") and (is_turned or new.count("active") != before.count("active")):
        text = "active>0 is invalid for finished job"
        errors.append(invalid_value("status.active", new.count("active"), text))
    started = new.status.get("startTime")
    if started is None and (is_turned or started != before.status.get("startTime")):
        errors.append(required("status.startTime", "startTime is required for finished job"))
    if new.uncounted() and (is_turned or new.uncounted() != before.uncounted()):
        text = "uncountedTerminatedPods needs to be empty for finished job"
        path = "status.uncountedTerminatedPods"
        errors.append(invalid_value(path, new.status["uncountedTerminatedPods"], text))
    return errors


def _index_errors(new: _Seen, before: _Seen) -> list[FieldError]:
    errors = []
    completions = new.spec.get("completions")
    is_limited = new.spec.get("backoffLimitPerIndex") is not None
    done, failed = new.status.get("completedIndexes", ""), new.status.get("failedIndexes")
    is_done_anew = done != before.status.get("completedIndexes", "")
    is_failed_anew = failed != before.status.get("failedIndexes")
    if is_done_anew and completions is not None:
        errors += _format_errors("completedIndexes", done, completions)
    if is_failed_anew and completions is not None and is_limited and failed is not None:
        errors += _format_errors("failedIndexes", failed, completions)
    if is_done_anew and done and not new.is_indexed:
        text = "cannot set non-empty completedIndexes when non-indexed completion mode"
        errors.append(invalid_value("status.completedIndexes", done, text))
    if is_failed_anew and failed is not None and not is_limited:
        text = "cannot set non-null failedIndexes when backoffLimitPerIndex is null"
        errors.append(invalid_value("status.failedIndexes", failed, text))
    if (is_done_anew or is_failed_anew) and completions is not None and failed is not None:
        index = first_overlap(done, failed, completions)
        if index is not None:
            text = f"failedIndexes and completedIndexes overlap at index: {index}"
            errors.append(invalid_value("status.failedIndexes", failed, text))
    return errors


def _format_errors(field: str, text: str, completions: int) -> list[FieldError]:
    try:
        read_intervals(text, completions)
    except IndexesError as error:
        why = f"error parsing {field}: {error}"
        return [invalid_value(f"status.{field}", text, why)]
    return []


def _pod_count_errors(new: _Seen, before: _Seen) -> list[FieldError]:
    errors = []
    active, ready, ending = (new.count(name) for name in ("active", "ready", "terminating"))
    is_turned = new.is_finished != before.is_finished
    if ending and new.is_finished and (is_turned or ending != before.count("terminating")):
        text = "terminating>0 is invalid for finished job"
        errors.append(invalid_value("status.terminating", ending, text))
    is_changed = (active, ready) != (before.count("active"), before.count("ready"))
    if is_changed and ready > active:
        text = "cannot set more ready pods than active"
        errors.append(invalid_value("status.ready", ready, text))
    return errors


def _success_errors(new: _Seen) -> list[FieldError]:
    errors = []
    if new.has("SuccessCriteriaMet"):
        errors += [
            invalid_field(
                _CONDITIONS, f"cannot set SuccessCriteriaMet=True and {kind}=true conditions"
            )
            for kind in ("Failed", "FailureTarget")
            if new.has(kind)
        ]
    elif new.spec.get("successPolicy") is not None and new.has("Complete"):
        text = "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True"
        errors.append(invalid_field(_CONDITIONS, text))
    return errors


def _transition_errors(new: _Seen, before: _Seen) -> list[FieldError]:
    errors = [
        invalid_field(_CONDITIONS, f"cannot disable the terminal {kind}=True condition")
        for kind in ("Failed", "Complete", "FailureTarget")
        if before.has(kind) and not new.has(kind)
    ]
    is_elastic = new.is_indexed and new.spec.get("completions") == new.spec.get("parallelism")
    for name in ("failed",) if is_elastic else ("failed", "succeeded"):
        if new.count(name) < before.count(name):
            text = f"cannot decrease the {name} counter"
            errors.append(invalid_value(f"status.{name}", new.count(name), text))
    ended, ended_before = (each.status.get("completionTime") for each in (new, before))
    if ended and ended_before and ended != ended_before:
        text = "completionTime cannot be mutated"
        errors.append(invalid_value("status.completionTime", ended, text))
    started, started_before = (each.status.get("startTime") for each in (new, before))
    if started_before and started != started_before and not new.spec.get("suspend"):
        text = "startTime cannot be removed for unsuspended job"
        errors.append(required("status.startTime", text))
    met, met_before = (each.has("SuccessCriteriaMet") for each in (new, before))
    if met_before and not met:
        text = "cannot disable the SuccessCriteriaMet=True condition"
        errors.append(invalid_field(_CONDITIONS, text))
    if before.has("Complete") and met and not met_before:
        text = "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions"
        errors.append(invalid_field(_CONDITIONS, text))
    return errors
