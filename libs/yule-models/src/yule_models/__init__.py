"""Models, folds, metrics and ensembles for tabular user data, as estimators and as gokart tasks.

Names are imported on first use, so that describing models loads none of their libraries.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yule_models.contacts import ContactPlan, TopRows, plan_contacts, top_rows
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
        load_estimator,
        make_estimator,
        model_kinds,
    )
    from yule_models.targets import Target
    from yule_models.tasks import (
        AssignFolds,
        ExplainEnsemble,
        ExplainShard,
        FindLeaks,
        FitEnsemble,
        PredictionTable,
        ScoreShard,
        SelectFeatures,
        TrainFold,
        TrainingEntities,
    )

__version__ = "0.1.0"

_MODULE_OF = {
    "AssignFolds": "tasks",
    "ContactPlan": "contacts",
    "CurvePoint": "estimators",
    "EnsembleOptionError": "ensemble",
    "EnsembleOptions": "ensemble",
    "Estimator": "estimators",
    "ExplainEnsemble": "tasks",
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
    "SelectFeatures": "tasks",
    "Target": "targets",
    "TopRows": "contacts",
    "TrainFold": "tasks",
    "TrainingEntities": "tasks",
    "YuleModelsError": "errors",
    "assign_folds": "folds",
    "check_params": "registry",
    "describe_kind": "registry",
    "find_leaks": "leaks",
    "fit_times": "folds",
    "load_estimator": "registry",
    "make_estimator": "registry",
    "model_kinds": "registry",
    "output_columns": "outputs",
    "plan_contacts": "contacts",
    "preset_models": "presets",
    "resolve_scheme": "folds",
    "top_rows": "contacts",
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
    "ExplainShard",
    "FindLeaks",
    "FitEnsemble",
    "FoldScheme",
    "KindDescription",
    "ModelParameterError",
    "Parameter",
    "PredictionTable",
    "PresetModel",
    "ScoreShard",
    "SelectFeatures",
    "Target",
    "TopRows",
    "TrainFold",
    "TrainingEntities",
    "YuleModelsError",
    "assign_folds",
    "check_params",
    "describe_kind",
    "find_leaks",
    "fit_times",
    "load_estimator",
    "make_estimator",
    "model_kinds",
    "output_columns",
    "plan_contacts",
    "preset_models",
    "resolve_scheme",
    "top_rows",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
