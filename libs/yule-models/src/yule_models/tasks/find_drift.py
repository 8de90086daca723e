"""The task that compares the rows to score with the training rows."""

from typing import Any, ClassVar

import luigi
from gokart_store import JsonFormat, Resources, StoredTask, UpstreamParameter

from yule_models.drift import find_drift, sample_rows

__all__ = ["FindDrift"]

_MOST_ROWS = 4_000


class FindDrift(StoredTask[dict[str, Any]]):
    """Whether the rows to score look like the training rows: the JSON of `find_drift`.

    Some thousand rows of each are compared, those of entities chosen by a hash.

    Parameters:
        training: Task with the sharded features of the labelled rows.
        population: Task with those of the rows to score.
        seed: Seed of the run.
        threads: Threads of its small fits.
    """

    VERSION: ClassVar[int] = 2
    format = JsonFormat()
    training = UpstreamParameter()
    population = UpstreamParameter()
    seed = luigi.IntParameter(default=0)
    threads = luigi.IntParameter(default=1)

    def required_resources(self) -> Resources:
        """Return the threads, and memory for a shard and the samples."""
        return Resources(cpu=self.threads, memory_gib=2)

    def run(self) -> None:
        """Compare and store."""
        training, population = (
            sample_rows(task.result(), most=_MOST_ROWS, seed=self.seed)
            for task in (self.training, self.population)
        )
        self.dump(find_drift(training, population, seed=self.seed, threads=self.threads))
