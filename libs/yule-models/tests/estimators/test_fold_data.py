import numpy as np
import pandas as pd
import pytest
from yule_models import Target
from yule_models.errors import TargetError
from yule_models.estimators.fold_data import number_groups
from yule_models.registry import make_estimator
from yule_models.testing import TARGETS, described_rows

TRAINING, INNER = described_rows(60, seed=1), described_rows(30, seed=2)


def test_a_group_of_both_tables_has_one_number() -> None:
    first, second = number_groups(["a", "b", "a"], ["c", "b"], counts=(3, 2))
    assert first.tolist() == [0, 1, 0]
    assert second.tolist() == [2, 1]


def test_rows_without_groups_stand_by_themselves() -> None:
    first, second = number_groups(None, None, counts=(2, 3))
    assert [*first, *second] == [0, 1, 2, 3, 4]


def test_rows_without_a_name_are_a_group() -> None:
    assert number_groups(["a", None, None], None, counts=(3, 0))[0].tolist() == [0, 1, 1]


def test_as_many_groups_as_rows_are_needed() -> None:
    with pytest.raises(TargetError, match="There are 3 rows, and groups of 2"):
        number_groups(["a", "b"], None, counts=(3, 0))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sample_weight": np.ones(60)}, "The training rows have weights, and the validation"),
        ({"groups": np.arange(60)}, "The training rows have groups, and the validation rows"),
        ({"validation_groups": np.arange(30)}, "The validation rows have groups, and the training"),
    ],
)
def test_what_one_table_alone_has_is_refused(given: dict[str, np.ndarray], message: str) -> None:
    model = make_estimator("gbdt", targets=TARGETS[:1], seed=0, threads=1, params={"rounds": 5})
    with pytest.raises(TargetError, match=message):
        model.fit(
            TRAINING.features,
            TRAINING.labels,
            validation=(INNER.features, INNER.labels),
            **given,
        )


def test_weights_of_the_validation_reach_the_refit() -> None:
    predicted = []
    for weight in (1.0, 50.0):
        model = make_estimator(
            "gbdt", targets=TARGETS[:1], seed=0, threads=1, params={"rounds": 20}
        )
        model.fit(
            TRAINING.features,
            TRAINING.labels,
            sample_weight=np.ones(60),
            validation=(INNER.features, INNER.labels.assign(bought=np.arange(30) % 10 > 0)),
            validation_weight=np.full(30, weight),
        )
        predicted.append(model.predict(TRAINING.features).mean())
    assert predicted[1] > predicted[0] + 0.1


@pytest.mark.parametrize(
    ("target", "label", "message"),
    [
        (Target(name="bought"), 1.0, "hold one class only of 'bought'; at least two classes are"),
        (Target(name="bought"), None, "hold no label of 'bought'; at least two classes are needed"),
        (
            Target(name="spend", kind="regression"),
            None,
            "hold no label of 'spend'; at least one label is needed",
        ),
    ],
)
def test_rows_with_nothing_to_learn_are_refused(
    target: Target, label: float | None, message: str
) -> None:
    labels = pd.DataFrame({target.name: pd.Series([label] * 60, dtype=float)})
    model = make_estimator("constant", targets=[target], seed=0, threads=1)
    with pytest.raises(TargetError, match=message):
        model.fit(TRAINING.features, labels)
