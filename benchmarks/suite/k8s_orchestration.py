"""The example on a simulated cluster beside the local run, without starts of processes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from harness import Result, say
from harness.case_runs import CaseRuns
from harness.clusters import cluster
from yule_runner import LocalExecutor

_TURNS = 3
_MOST_RATIO = 1.2
_WORKERS = 2


def measure() -> Result:
    """Run both in turns, after a run of each by which all its processes have loaded everything."""
    local, there, digests = [], [], set()
    with tempfile.TemporaryDirectory() as lent:
        folder = Path(lent)
        runs = CaseRuns(folder=folder)
        logs = folder / "logs"
        with (
            cluster("warm_cluster", lent, str(_WORKERS)),
            LocalExecutor(workers=_WORKERS, cpu=_WORKERS, memory_gib=64, logs=logs) as here,
        ):
            for turn in range(-1, _TURNS):
                seconds, digest = runs.run(f"local-{turn}", here)
                digests.add(digest)
                seconds_there, digest = runs.on_cluster(f"cluster-{turn}")
                digests.add(digest)
                say(f"Turn {turn + 1}: {seconds:.1f} s here, {seconds_there:.1f} s there.")
                if turn >= 0:
                    local.append(seconds)
                    there.append(seconds_there)
    ratios = [ours / reference for ours, reference in zip(there, local, strict=True)]
    return Result(
        ours=median(there),
        reference=median(local),
        unit="s without starts of processes",
        goal=f"median ratio at most {_MOST_RATIO}, and the same predictions",
        is_met=median(ratios) <= _MOST_RATIO and len(digests) == 1,
        details={"median_ratio": median(ratios), "ours_s": there, "reference_s": local},
    )
