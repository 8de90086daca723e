import numpy as np
import pandas as pd
from yule_models.registry import make_estimator
from yule_models.targets import Target

FEATURES = pd.DataFrame({"visits": [1.0, 2.0, 3.0, 4.0]})


def test_it_predicts_weighted_base_rates() -> None:
    targets = [
        Target(name="bought"),
        Target(name="segment", kind="multiclass", classes=("a", "b", "c")),
        Target(name="spend", kind="regression"),
    ]
    labels = pd.DataFrame(
        {
            "bought": [1, 0, 0, None],
            "segment": ["a", "b", "b", "b"],
            "spend": [10.0, 20.0, 30.0, 40.0],
        }
    )
    constant = make_estimator("constant", targets=targets, seed=0, threads=1)
    constant.fit(FEATURES, labels, sample_weight=[2, 1, 1, 1])
    expected = [2 / 4, 2 / 5, 3 / 5, 0, (20 + 20 + 30 + 40) / 5]
    np.testing.assert_allclose(constant.predict(FEATURES), [expected] * 4)
