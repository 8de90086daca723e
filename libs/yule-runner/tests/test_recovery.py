from __future__ import annotations

from yule_runner import FailureKind
from yule_runner.recovery import Recovery, Verdict


def test_each_task_has_its_own_retries() -> None:
    recovery = Recovery(retries=1)
    judged = [
        recovery.judge(task_id, kind, is_upstream_damaged=False)
        for task_id, kind in [
            ("a", FailureKind.ERROR),
            ("b", FailureKind.LOST),
            ("a", FailureKind.LOST),
        ]
    ]
    assert judged == [Verdict.RETRY, Verdict.RETRY, Verdict.GIVE_UP]
    assert [recovery.attempt(task_id) for task_id in "abc"] == [3, 2, 1]


def test_an_order_that_cannot_be_carried_out_is_not_tried_again() -> None:
    recovery = Recovery(retries=9)
    verdict = recovery.judge("a", FailureKind.ORDER, is_upstream_damaged=False)
    assert verdict is Verdict.GIVE_UP


def test_repairs_cost_no_attempt_but_end() -> None:
    recovery = Recovery(retries=0)
    judged = []
    for _ in range(3):
        judged.append(recovery.judge("a", FailureKind.CORRUPT, is_upstream_damaged=True))
    assert judged == [Verdict.REPAIR, Verdict.REPAIR, Verdict.GIVE_UP]
    assert recovery.attempt("a") == 2
