"""Dividing labelled rows into folds, and folds into what is trained on and what is judged."""

from yule_models.folds.assignment import assign_folds, resolve_scheme
from yule_models.folds.errors import FoldError
from yule_models.folds.fit_times import fit_times
from yule_models.folds.inner import inner_split
from yule_models.folds.repeats import assignments, fold_count
from yule_models.folds.scheme import FoldScheme
from yule_models.folds.split import FoldSplit, split_fold

__all__ = [
    "FoldError",
    "FoldScheme",
    "FoldSplit",
    "assign_folds",
    "assignments",
    "fit_times",
    "fold_count",
    "inner_split",
    "resolve_scheme",
    "split_fold",
]
