from yule_cli.summary import ModelLearning
from yule_cli.summary.learning import learning_remarks

SUMMARY = {
    "model": "tabm",
    "targets": {
        "top3": {"labels": 1353, "auxiliary": False},
        "dnf": {"labels": 11411, "auxiliary": True},
    },
    "start": None,
}
START = {
    "sha256": "5eed" * 16,
    "origin": {"case": "races", "targets": ["dnf", "position"]},
    "known": ["grid", "laps"],
    "new": ["a", "b", "c", "d"],
    "lacking": ["points"],
}


def test_a_model_without_help_is_not_spoken_of() -> None:
    alone = SUMMARY | {"targets": {"top3": {"labels": 3, "auxiliary": False}}}
    assert list(learning_remarks([ModelLearning.of(alone)])) == []


def test_help_is_told_with_how_many_labels_there_were() -> None:
    assert list(learning_remarks([ModelLearning.of(SUMMARY)])) == [
        ("tabm", "Learned top3 (1,353 labels) with the help of dnf (11,411 labels).")
    ]


def test_a_start_is_told_with_the_features_that_differ() -> None:
    found = [*learning_remarks([ModelLearning.of(SUMMARY | {"start": START})])][1]
    assert found == (
        "tabm",
        "Started from the trunk 5eed5eed5eed of the case races, which had learned dnf, position. "
        "It knows 2 features of 6; new to it: a, b, c and 1 more; it knows and misses: points.",
    )
