import numpy as np
import pandas as pd
from yule_models.encoding import FeatureColumns
from yule_models.encoding.crosses import find_crosses
from yule_models.encoding.levels import Levels
from yule_models.encoding.target_means import PARTS, PartedRows

ROWS = 4000
RANDOM = np.random.default_rng(0)
TABLE = pd.DataFrame({name: RANDOM.integers(8, size=ROWS).astype(float) for name in "abcd"})
COLUMNS = FeatureColumns.learn(TABLE)
LEVELS = [Levels(name=name, values=tuple(map(float, range(8)))) for name in "abcd"]
EFFECTS = RANDOM.normal(size=(2, 8, 8))


def crosses(residuals: np.ndarray, *, most: int = 3) -> list[tuple[str, str]]:
    rows = PartedRows(
        columns=COLUMNS,
        features=TABLE,
        weights=np.ones(ROWS),
        groups=np.arange(ROWS),
        parts=np.arange(ROWS) % PARTS,
    )
    found = find_crosses(LEVELS, rows, residuals[:, None], most=most)
    return [(one.name, other.name) for one, other in found]


def effect(number: int, one: str, other: str) -> np.ndarray:
    return EFFECTS[number][TABLE[one].astype(int), TABLE[other].astype(int)]


def test_pairs_that_say_something_are_found_the_best_first() -> None:
    noise = RANDOM.normal(size=ROWS)
    residuals = noise + effect(0, "a", "c") + 0.6 * effect(1, "b", "d")
    assert crosses(residuals) == [("a", "c"), ("b", "d")]
    assert crosses(residuals, most=1) == [("a", "c")]


def test_noise_has_no_crosses() -> None:
    for seed in range(20):
        assert crosses(np.random.default_rng(seed).normal(size=ROWS)) == []


def test_residuals_that_are_all_zero_have_no_crosses() -> None:
    assert crosses(np.zeros(ROWS)) == []
