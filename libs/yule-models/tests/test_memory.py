"""A real limit on the memory of a process: batches are halved, and fits say what they need."""

import subprocess
import sys
from textwrap import dedent

import numpy as np
import pandas as pd
import pytest
from yule_models import Target, make_estimator
from yule_models.memory import OutOfMemoryError, is_out_of_memory, needed_gib
from yule_models.scoring import BATCH_ROWS, predict_in_batches

LIMITED = """
    import resource
    from datetime import UTC, datetime
    import numpy as np, pyarrow as pa
    import sklearn.linear_model, threadpoolctl
    from yule_models import Target, assign_folds
    from yule_models.training import train_fold

    rows = 20_000
    times = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * rows, pa.timestamp("us", "UTC"))
    keys = {"entity_id": np.arange(rows), "as_of": times}
    random = np.random.default_rng(0)
    features = pa.table({**keys, **{f"x{n}": random.normal(size=rows) for n in range(200)}})
    labels = pa.table({**keys, "y": np.arange(rows) % 2})
    folds = assign_folds(labels, {"kind": "stratified", "folds": 2}, seed=0)
    features.slice(0, 9).to_pandas()  # whatever conversions load and start, they have

    def train():
        return train_fold(
            features, labels, folds, fold=1, model={"name": "line", "kind": "linear"},
            targets=[Target(name="y")], seed=0, threads=1,
        )

    pages = int(open("/proc/self/statm").read().split()[0])
    limit = pages * resource.getpagesize() + 24 * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    try:
        train()
    except MemoryError as error:
        print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is read and set as on Linux")
def test_a_fit_beyond_memory_says_what_it_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", dedent(LIMITED)], capture_output=True, text=True, check=False
    )
    assert (
        "OutOfMemoryError The model 'line' on fold 1 does not fit into memory: " in done.stdout
    ), done.stdout + done.stderr
    assert "10,000 rows of 200 features need about 0.06 GiB" in done.stdout


class Cramped:
    """An estimator that is given no more rows at once than there is memory for.

    Args:
        most: So many rows fit.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.asked: list[int] = []
        frame = pd.DataFrame({"x": np.arange(100.0)})
        labels = pd.DataFrame({"y": np.arange(100) % 2})
        made = make_estimator("linear", targets=[Target(name="y")], seed=0, threads=1)
        self.fitted = made.fit(frame, labels)

    def predict(self, features: pd.DataFrame) -> np.ndarray:
        self.asked.append(len(features))
        if len(features) > self.most:
            raise MemoryError(f"{len(features)} rows")
        return self.fitted.predict(features)


def test_scoring_halves_its_batch_until_it_fits() -> None:
    frame = pd.DataFrame({"x": np.linspace(0, 100, BATCH_ROWS + 5_000)})
    cramped = Cramped(5_000)
    found = predict_in_batches(cramped, frame)  # type: ignore[arg-type]
    assert found.tobytes() == predict_in_batches(cramped.fitted, frame).tobytes()
    assert cramped.asked == [16_384, 8_192, 4_096, 4_096, 4_096, 4_096, 4_096, 904]


def test_scoring_gives_up_with_a_figure() -> None:
    frame = pd.DataFrame({"x": np.zeros(BATCH_ROWS)})
    with pytest.raises(OutOfMemoryError, match=r"Predicting 2,048 rows of 1 features needs about"):
        predict_in_batches(Cramped(100), frame)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), True),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), True),
        (ValueError("std::bad_alloc"), True),
        (OutOfMemoryError("told already"), False),
        (ValueError("one class only"), False),
    ],
)
def test_each_library_says_it_in_its_own_way(error: Exception, expected: bool) -> None:
    assert is_out_of_memory(error) is expected


def test_the_figure_grows_with_the_table() -> None:
    assert needed_gib(2**20, 1024) == pytest.approx(32)
