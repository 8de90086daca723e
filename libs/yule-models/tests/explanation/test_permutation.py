import numpy as np
import pandas as pd
import pytest
from yule_models.explanation.permutation import permuted_tables

ROWS = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x", "y", "z"], "c": [True, False, True]})


@pytest.mark.parametrize("at_once", [1, 6, 100])
def test_each_copy_has_one_feature_permuted(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr("yule_models.explanation.permutation.ROWS_AT_ONCE", at_once)
    expected = np.random.default_rng(1)

    found = []
    for names, mixed in permuted_tables(ROWS, ["b", "a"], np.random.default_rng(1)):
        assert len(mixed) == 3 * len(names) <= max(3, at_once)
        assert mixed.dtypes.equals(ROWS.dtypes)
        for place, name in enumerate(names):
            copy = mixed.iloc[3 * place : 3 * place + 3].reset_index(drop=True)
            order = expected.permutation(3)
            assert copy[name].tolist() == ROWS[name].iloc[order].tolist()
            pd.testing.assert_frame_equal(copy.drop(columns=name), ROWS.drop(columns=name))
            found.append(name)
    assert found == ["b", "a"]
