"""Models, folds, metrics and ensembles for tabular user data, as estimators and as gokart tasks.

Names are imported on first use, so that describing models loads none of their libraries.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yule_models.contacts import ContactPlan, TopRows, plan_contacts, top_rows
    from yule_models.drift import find_drift
    from yule_models.ensemble import EnsembleOptionError, EnsembleOptions
    from yule_models.errors import ModelParameterError, YuleModelsError
    from yule_models.estimators import CurvePoint, Estimator
    from yule_models.folds import FoldScheme, assign_folds, fit_times, resolve_scheme
    from yule_models.leaks import find_leaks
    from yule_models.outputs import output_columns
    from yule_models.parameters import KindDescription, Parameter
    from yule_models.presets import PRESETS, PresetModel, preset_models
    from yule_models.registry import (
        check_params,
        describe_kind,
        learned_targets,
        load_estimator,
        make_estimator,
        model_kinds,
    )
    from yule_models.search import (
        check_range,
        check_sampler,
        chosen_trial,
        search_space,
        trials_seen,
    )
    from yule_models.targets import Target
    from yule_models.tasks import (
        AssignFolds,
        ExplainEnsemble,
        ExplainFold,
        ExplainShard,
        FindDrift,
        FindLeaks,
        FitEnsemble,
        PredictionTable,
        ScoreShard,
        SearchTrial,
        SelectFeatures,
        TrainFold,
        TrainingEntities,
        TrainSearchedFold,
    )
    from yule_models.trunks import TrunkFacts, describe_trunk, keep_trunk, kept_trunk, trunk_of

__version__ = "0.1.0"

_MODULE_OF = {
    "AssignFolds": "tasks",
    "ContactPlan": "contacts",
    "CurvePoint": "estimators",
    "EnsembleOptionError": "ensemble",
    "EnsembleOptions": "ensemble",
    "Estimator": "estimators",
    "FindDrift": "tasks",
    "ExplainEnsemble": "tasks",
    "ExplainFold": "tasks",
    "ExplainShard": "tasks",
    "FindLeaks": "tasks",
    "FitEnsemble": "tasks",
    "FoldScheme": "folds",
    "KindDescription": "parameters",
    "ModelParameterError": "errors",
    "PRESETS": "presets",
    "Parameter": "parameters",
    "PresetModel": "presets",
    "PredictionTable": "tasks",
    "ScoreShard": "tasks",
    "SearchTrial": "tasks",
    "SelectFeatures": "tasks",
    "Target": "targets",
    "TopRows": "contacts",
    "TrainFold": "tasks",
    "TrainSearchedFold": "tasks",
    "TrainingEntities": "tasks",
    "TrunkFacts": "trunks",
    "YuleModelsError": "errors",
    "assign_folds": "folds",
    "chosen_trial": "search",
    "check_params": "registry",
    "check_range": "search",
    "check_sampler": "search",
    "describe_kind": "registry",
    "find_drift": "drift",
    "describe_trunk": "trunks",
    "find_leaks": "leaks",
    "fit_times": "folds",
    "keep_trunk": "trunks",
    "kept_trunk": "trunks",
    "learned_targets": "registry",
    "load_estimator": "registry",
    "make_estimator": "registry",
    "model_kinds": "registry",
    "output_columns": "outputs",
    "plan_contacts": "contacts",
    "preset_models": "presets",
    "resolve_scheme": "folds",
    "search_space": "search",
    "top_rows": "contacts",
    "trials_seen": "search",
    "trunk_of": "trunks",
}

__all__ = [
    "PRESETS",
    "AssignFolds",
    "ContactPlan",
    "CurvePoint",
    "EnsembleOptionError",
    "EnsembleOptions",
    "Estimator",
    "ExplainEnsemble",
    "ExplainFold",
    "ExplainShard",
    "FindDrift",
    "FindLeaks",
    "FitEnsemble",
    "FoldScheme",
    "KindDescription",
    "ModelParameterError",
    "Parameter",
    "PredictionTable",
    "PresetModel",
    "ScoreShard",
    "SearchTrial",
    "SelectFeatures",
    "Target",
    "TopRows",
    "TrainFold",
    "TrainSearchedFold",
    "TrainingEntities",
    "TrunkFacts",
    "YuleModelsError",
    "assign_folds",
    "check_params",
    "check_range",
    "check_sampler",
    "chosen_trial",
    "describe_kind",
    "describe_trunk",
    "find_drift",
    "find_leaks",
    "fit_times",
    "keep_trunk",
    "kept_trunk",
    "learned_targets",
    "load_estimator",
    "make_estimator",
    "model_kinds",
    "output_columns",
    "plan_contacts",
    "preset_models",
    "resolve_scheme",
    "search_space",
    "top_rows",
    "trials_seen",
    "trunk_of",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
