"""Logs that are followed: from before the first Job to after the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from gokart_store import Store, open_store
from job_overviews import job_overview as job
from yule_cli.following import lines_of
from yule_runner.kubernetes.overview import JobOverview
from yule_runner.pod_files import LOG, pod_prefix


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


def write(store: Store, component: str, text: str) -> None:
    key = pod_prefix(f"yule-{component}-g1", component, 0, f"{component}-0")
    store.write_bytes(f"{key}/{LOG}", text.encode())


def test_following_waits_for_the_first_job_and_ends_with_the_last(store: Store) -> None:
    def looks() -> Iterator[Sequence[JobOverview]]:
        yield []
        write(store, "A", "one\ntw")
        yield [job("driver", "running"), job("A", "running")]
        write(store, "A", "one\ntwo")
        yield [job("driver", "done"), job("A", "done")]
        raise AssertionError("all Jobs have ended")

    assert list(lines_of(looks(), store, task=None, follow=True)) == ["A-0: one", "A-0: two"]


def test_a_run_that_is_driven_from_elsewhere_has_no_jobs_between_two_stages(store: Store) -> None:
    def looks() -> Iterator[Sequence[JobOverview]]:
        write(store, "A", "first\n")
        yield [job("A", "running")]
        yield [job("A", "done")]
        yield [job("A", "done")]
        write(store, "B", "second\n")
        yield [job("A", "done"), job("B", "running")]
        yield from [[job("A", "done"), job("B", "done")]] * 5
        raise AssertionError("nothing comes any more")

    assert list(lines_of(looks(), store, task=None, follow=True)) == ["A-0: first", "B-0: second"]


def test_following_a_task_waits_for_its_turn(store: Store) -> None:
    def looks() -> Iterator[Sequence[JobOverview]]:
        write(store, "A", "not asked for\n")
        yield [job("driver", "running"), job("A", "running")]
        write(store, "B", "asked for\n")
        yield [job("driver", "running"), job("A", "done"), job("B", "running")]
        yield [job("driver", "done"), job("A", "done"), job("B", "done")]
        raise AssertionError("all Jobs have ended")

    assert list(lines_of(looks(), store, task="b", follow=True)) == ["B-0: asked for"]


def test_the_last_words_of_a_job_that_is_gone_are_shown(store: Store) -> None:
    def looks() -> Iterator[Sequence[JobOverview]]:
        write(store, "A", "one\n")
        yield [job("driver", "running"), job("A", "running")]
        write(store, "A", "one\nlast wo")
        yield [job("driver", "running")]
        yield []
        raise AssertionError("all Jobs are gone")

    assert list(lines_of(looks(), store, task=None, follow=True)) == ["A-0: one", "A-0: last wo"]


def test_without_following_one_look_is_enough(store: Store) -> None:
    write(store, "A", "one\ntw")

    def looks() -> Iterator[Sequence[JobOverview]]:
        yield [job("A", "running")]
        raise AssertionError("one look was asked for")

    lines = list(lines_of(looks(), store, task=None, follow=False))
    assert lines == ["A-0: one", "A-0: tw"]
