"""Cases that need more than the machine has."""

from pathlib import Path

from refusal import Shop, refuse
from started import run_mounted

# What the control group of a container of 1.5 GiB says.
CONTAINER = ['mount -t tmpfs tmpfs "$1"', 'echo 1610612736 > "$1/memory.max"']


def test_a_task_that_needs_more_memory_is_named_before_anything_is_computed(shop: Shop) -> None:
    shop.edit("num_leaves: 4", "num_leaves: 5")
    shop.edit("run: {workers: 1}", "run: {memory_gib: 1.5}")

    said = refuse(shop, "run", "--json")

    assert said == [
        "case.yaml:18: `run.memory_gib` gives tasks 1.5 GiB of memory, and some declare more: "
        "FitEnsemble 2 GiB, ScoreShard 2 GiB, TrainFold 2 GiB. Allow more, or run the case on a "
        "larger machine."
    ]
    assert refuse(shop) == said


def test_a_machine_that_is_too_small_is_told_before_anything_is_computed(shop: Shop) -> None:
    shop.edit("num_leaves: 4", "num_leaves: 5")
    before = shop.outputs()

    completed = run_mounted(CONTAINER, Path("/sys/fs/cgroup"), shop.case)

    assert completed.returncode == 2, completed.stderr
    assert completed.stderr.replace(f"{shop.folder}/", "").splitlines()[1:] == [
        "case.yaml:18: `run` gives tasks 1.5 GiB of memory, and some declare more: FitEnsemble "
        "2 GiB, ScoreShard 2 GiB, TrainFold 2 GiB. Run the case on a larger machine."
    ]
    assert shop.outputs() == before
