"""The example while 30 % of its pods are preempted at random: work done, beside the undisturbed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import mean

from harness import Result, say
from harness.case_runs import CaseRuns
from harness.clusters import cluster

_SEEDS = (1, 2, 3)
_SHARE, _MOST_RATIO = 0.3, 1.15
_PODS = 2


def measure() -> Result:
    """Run the example undisturbed and then preempted, and sum up the CPU seconds of all pods."""
    calm, disturbed, digests = [], [], set()
    with tempfile.TemporaryDirectory() as lent, cluster("warm_cluster", lent, str(_PODS)) as ask:
        runs = CaseRuns(folder=Path(lent))
        # The first run loads everything into the processes that pods share.
        digests.add(runs.on_cluster("warm-up")[1])
        ask()
        for seed in _SEEDS:
            digests.add(runs.on_cluster(f"calm-{seed}")[1])
            calm.append(ask(preempt=_SHARE, seed=seed))
            digests.add(runs.on_cluster(f"disturbed-{seed}")[1])
            disturbed.append(ask())
            now = disturbed[-1]
            say(
                f"Seed {seed}: {calm[-1]['cpu_s']:.1f} s of CPU undisturbed, {now['cpu_s']:.1f} s "
                f"with {now['told']} pods told to end, of which {now['preempted']} had to."
            )
    ours, reference = (mean(each["cpu_s"] for each in runs) for runs in (disturbed, calm))
    return Result(
        ours=ours,
        reference=reference,
        unit="s of CPU in pods",
        goal=f"at most {_MOST_RATIO} times, and the same predictions",
        is_met=ours <= _MOST_RATIO * reference and len(digests) == 1,
        details={"same_predictions": len(digests) == 1, "calm": calm, "disturbed": disturbed},
    )
