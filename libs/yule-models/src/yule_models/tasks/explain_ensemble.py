"""The task that says what models and their ensemble go by, over all folds."""

from typing import ClassVar

import pyarrow.parquet as pq
from gokart_store import (
    Artefact,
    FolderFormat,
    StoredTask,
    UpstreamListParameter,
    canonical_json,
)

from yule_models.explanation import merge_explanations
from yule_models.tasks.explain_fold import EXPLANATION_FILE, TYPICAL_FILE, explained_members
from yule_models.tasks.targets import parse_targets

__all__ = ["EXPLANATION_FILE", "ExplainEnsemble", "typical_file"]


def typical_file(fold: int) -> str:
    """Return the name of the file with a fold's typical row."""
    return f"typical-{fold}.parquet"


class ExplainEnsemble(StoredTask[Artefact]):
    """Join what was seen of each fold to importances of the models and of their ensemble.

    The entry holds explanation.json (see `yule_models.explanation.explain_ensemble`), and for each
    fold the typical row that contributions are told from, without its keys.

    Parameters:
        folds: The `ExplainFold` of each fold.
    """

    VERSION: ClassVar[int] = 3
    format = FolderFormat()
    folds = UpstreamListParameter()

    def run(self) -> None:
        """Join and store."""
        first, seen = self.folds[0], [task.result() for task in self.folds]
        members, blends = explained_members(first.fits, first.ensemble)
        report = merge_explanations(
            [each.json(EXPLANATION_FILE) for each in seen],
            members=members,
            targets=parse_targets(first.ensemble.targets),
            blends=blends,
        )
        with self.writing() as folder:
            (folder / EXPLANATION_FILE).write_text(canonical_json(report) + "\n", encoding="utf-8")
            for fold, each in enumerate(seen):
                pq.write_table(each.table(TYPICAL_FILE), folder / typical_file(fold))
