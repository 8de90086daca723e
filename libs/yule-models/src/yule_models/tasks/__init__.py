"""gokart tasks that divide, look for leaks and drift, train, weigh and score, over any others."""

from yule_models.tasks.assign_folds import AssignFolds
from yule_models.tasks.explain_ensemble import ExplainEnsemble
from yule_models.tasks.explain_fold import ExplainFold
from yule_models.tasks.explain_shard import ExplainShard
from yule_models.tasks.find_drift import FindDrift
from yule_models.tasks.find_leaks import FindLeaks
from yule_models.tasks.fit_ensemble import FitEnsemble
from yule_models.tasks.prediction_table import PredictionTable
from yule_models.tasks.score_shard import ScoreShard
from yule_models.tasks.search_trial import SearchTrial
from yule_models.tasks.select_features import SelectFeatures
from yule_models.tasks.train_fold import TrainFold
from yule_models.tasks.train_searched_fold import TrainSearchedFold
from yule_models.tasks.training_entities import TrainingEntities

__all__ = [
    "AssignFolds",
    "ExplainEnsemble",
    "ExplainFold",
    "ExplainShard",
    "FindDrift",
    "FindLeaks",
    "FitEnsemble",
    "PredictionTable",
    "ScoreShard",
    "SearchTrial",
    "SelectFeatures",
    "TrainFold",
    "TrainSearchedFold",
    "TrainingEntities",
]
