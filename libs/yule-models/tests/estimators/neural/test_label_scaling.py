"""Numbers are standardised by their known labels; all else is left as it is."""

import numpy as np
from yule_models.estimators.neural.label_scaling import LabelScaling
from yule_models.targets import Target

CLASSES = Target(name="segment", kind="multiclass", classes=("a", "b", "c"))
SPEND = Target(name="spend", kind="regression")
LABELS = np.array([[0.0, 10.0], [2.0, np.nan], [np.nan, 14.0]])


def test_only_numbers_are_scaled() -> None:
    scaling = LabelScaling.learn(LABELS, [CLASSES, SPEND])
    expected = [[0, -1], [2, np.nan], [np.nan, 1]]
    np.testing.assert_array_equal(scaling.transform(LABELS), expected)


def test_predictions_are_in_the_units_of_the_labels() -> None:
    scaling = LabelScaling.learn(LABELS[:, ::-1], [SPEND, CLASSES])
    outputs = np.array([[-1.0, 0.2, 0.3, 0.5], [0.5, 1.0, 0.0, 0.0]])
    restored = scaling.restore(outputs, [SPEND, CLASSES])
    np.testing.assert_array_equal(restored, [[10, 0.2, 0.3, 0.5], [13, 1, 0, 0]])


def test_equal_and_unknown_labels_have_a_scale_of_one() -> None:
    labels = np.array([[7.0, np.nan], [7.0, np.nan]])
    scaling = LabelScaling.learn(labels, [SPEND, Target(name="other", kind="regression")])
    np.testing.assert_array_equal(scaling.array(), [[7, 0], [1, 1]])


def test_it_is_read_as_it_was_stored() -> None:
    scaling = LabelScaling.learn(LABELS, [CLASSES, SPEND])
    again = LabelScaling.of(scaling.array())
    np.testing.assert_array_equal(again.transform(LABELS), scaling.transform(LABELS))
