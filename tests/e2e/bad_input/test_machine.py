"""Cases that need more than the machine has."""

from refusal import Shop, refuse


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
