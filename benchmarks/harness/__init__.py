"""What all benchmarks share: a result, the data, child processes and the example's case."""

from harness.children import say, timed
from harness.data import data_folder
from harness.errors import BenchmarkError
from harness.example import EXAMPLE, copy_example, yule_run
from harness.result import Result
from harness.seeds import wanted_seeds

__all__ = [
    "EXAMPLE",
    "BenchmarkError",
    "Result",
    "copy_example",
    "data_folder",
    "say",
    "timed",
    "wanted_seeds",
    "yule_run",
]
