"""The stages of a run, as people speak of them, and which tasks belong to each."""

from typing import Final

__all__ = ["STAGES", "stage_of"]

_STAGE_OF_CLASS: Final = {
    "EntityRows": "entities",
    "LabelRows": "entities",
    "Population": "entities",
    "AssignFolds": "folds",
    "TrainingEntities": "folds",
    "SelectFeatures": "selection",
    "SearchTrial": "search",
    "TrainFold": "training",
    "TrainSearchedFold": "training",
    "FitEnsemble": "ensemble",
    "ExplainFold": "explanation",
    "ExplainEnsemble": "explanation",
    "ScoreShard": "scoring",
    "ExplainShard": "explanation",
    "PredictionTable": "scoring",
}

STAGES: Final = (
    "entities",
    "features",
    "folds",
    "selection",
    "search",
    "training",
    "ensemble",
    "scoring",
    "explanation",
)
"""In the order in which they happen."""


def stage_of(name: str) -> str:
    """Return the stage of a task by its class name, with or without its module.

    Example:
        >>> stage_of("yule_models.tasks.training.TrainFold")
        'training'
        >>> stage_of("mushroom.tasks.features.EventWindows")
        'features'
    """
    return _STAGE_OF_CLASS.get(name.rpartition(".")[2], "features")
