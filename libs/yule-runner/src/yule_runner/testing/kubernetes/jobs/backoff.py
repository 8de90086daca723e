"""How long the Job controller waits before it replaces a failed pod: 10 s, doubling, 10 min."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yule_runner.testing.kubernetes.jobs.pods import absolute_failures, finished_s

__all__ = ["BackoffRecord", "next_record", "remaining_per_index_s"]

Json = dict[str, Any]

_FIRST_S = 10.0
_LONGEST_S = 600.0


@dataclass(frozen=True)
class BackoffRecord:
    """Failures of a Job since its last success; counted where there is no limit per index."""

    failures: int = 0
    last_failure_s: float = 0.0

    def remaining_s(self, now_s: float) -> float:
        """Return how long no pod may be created."""
        return _remaining_s(self.failures, self.last_failure_s, now_s)


def next_record(
    old: BackoffRecord, succeeded: Sequence[Json], failed: Sequence[Json]
) -> BackoffRecord:
    """Return the record after these pods have ended."""
    ends = sorted(finished_s(pod) for pod in failed)
    if not succeeded:
        return BackoffRecord(old.failures + len(ends), ends[-1]) if ends else old
    last_success_s = max(finished_s(pod) for pod in succeeded)
    later = [end for end in ends if end > last_success_s]
    return BackoffRecord(len(later), later[-1]) if later else BackoffRecord()


def remaining_per_index_s(last_failed: Json | None, now_s: float) -> float:
    """Return how long an index may not be tried again, after the pod of it that failed last."""
    if last_failed is None:
        return 0.0
    return _remaining_s(absolute_failures(last_failed) + 1, finished_s(last_failed), now_s)


def _remaining_s(failures: int, last_failure_s: float, now_s: float) -> float:
    if failures == 0:
        return 0.0
    wait_s = min(_FIRST_S * 2.0 ** min(failures - 1, 10), _LONGEST_S)
    return max(0.0, wait_s - (now_s - last_failure_s))
