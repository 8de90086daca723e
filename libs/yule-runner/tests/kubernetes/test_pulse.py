"""Pods that run and are silent, found by whoever looks on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from gokart_store import FolderStore
from job_overviews import job_overview
from yule_runner.kubernetes.pulse import Silence, silences
from yule_runner.pod_files import pod_prefix
from yule_runner.worker.journal import Journal


def test_only_pods_that_were_silent_for_long_are_told(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    odd = store.side_folder(pod_prefix("j", "1", 3, "odd")) / "heartbeat.txt"
    odd.write_bytes(b"\xff no time\n")
    for index, pod in enumerate(("beating", "silent")):
        Journal(store.side_folder(pod_prefix("j", "1", index, pod))).beat()
    pods = ((0, "beating"), (1, "silent"), (2, "starting"), (3, "odd"))
    job = job_overview("TrainFold", "running", name="j", uid="1", running=3, pods=pods)
    then = datetime.now(UTC)
    now = then + timedelta(seconds=200)
    beats = store.side_folder(pod_prefix("j", "1", 0, "beating")) / "heartbeat.txt"
    beats.write_text(f"{then.isoformat()}\n{(now - timedelta(seconds=5)).isoformat()}\n")

    (silence,) = silences(store, [job], now=now)

    assert silence == Silence(job="j", pod="silent", since=silence.since)
    assert abs(silence.since - then) < timedelta(seconds=10)


def test_each_beat_changes_the_size_and_the_file_stays_small(tmp_path: Path) -> None:
    journal, sizes = Journal(tmp_path), []
    for _ in range(200):
        journal.beat()
        sizes.append((tmp_path / "heartbeat.txt").stat().st_size)
    assert all(one != other for one, other in pairwise(sizes))
    assert max(sizes) < 2000
