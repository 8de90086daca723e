"""The task that trains one model on one fold, with the parameters that its search found there."""

from pathlib import Path
from typing import Any, ClassVar

from gokart_store import UpstreamListParameter, canonical_json

from yule_models.search import chosen_trial, searched_params
from yule_models.tasks.train_fold import TrainFold

__all__ = ["SEARCH_FILE", "TrainSearchedFold"]

SEARCH_FILE = "search.json"


class TrainSearchedFold(TrainFold):
    """Train as `TrainFold` does, with the parameters that the trials of this fold speak for.

    The entry also holds search.json: the number of the `chosen` trial, and all `trials`.

    Parameters:
        trials: The `SearchTrial` tasks of this model on this fold.
    """

    VERSION: ClassVar[int] = 6
    trials = UpstreamListParameter()

    def trained_model(self) -> dict[str, Any]:
        """Return the model with the parameters of the trial that is taken.

        Raises:
            SearchError: If no trial came to an end.
        """
        return searched_params(self.model.value, self._found())

    def write_beside(self, folder: Path) -> None:
        """Write search.json, so that the entry says by itself what was tried."""
        found = self._found()
        search = {"chosen": chosen_trial(found)["number"], "trials": found}
        (folder / SEARCH_FILE).write_text(canonical_json(search) + "\n", encoding="utf-8")

    def _found(self) -> list[dict[str, Any]]:
        return [task.result() for task in self.trials]
