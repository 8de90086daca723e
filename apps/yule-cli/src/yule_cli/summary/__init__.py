"""What a run did and found: as values, as JSON, and as text that a person wants to read."""

from yule_cli.summary.contacts import Contacts, PlanFacts, TopFacts, with_validated_lifts
from yule_cli.summary.costs import Reused, StageCost, stage_costs
from yule_cli.summary.data import FeatureFacts, RowFacts
from yule_cli.summary.drift import Drift, FeatureDrift
from yule_cli.summary.encoding import SCHEMA_VERSION, to_json
from yule_cli.summary.explanation import Importances, TargetExplanation
from yule_cli.summary.leaks import FeatureScore, TargetLeaks
from yule_cli.summary.learning import ModelLearning, StartFacts
from yule_cli.summary.model import MlflowRun, PublishedTable, Repetition, RunPaths, RunSummary
from yule_cli.summary.scores import Scores, TargetScores, target_scores
from yule_cli.summary.searches import ModelSearch, Trial
from yule_cli.summary.selection import RemovedFeature, removed_features
from yule_cli.summary.text import print_summary

__all__ = [
    "SCHEMA_VERSION",
    "Contacts",
    "Drift",
    "FeatureDrift",
    "FeatureFacts",
    "FeatureScore",
    "Importances",
    "MlflowRun",
    "ModelLearning",
    "ModelSearch",
    "PlanFacts",
    "PublishedTable",
    "RemovedFeature",
    "Repetition",
    "Reused",
    "RowFacts",
    "RunPaths",
    "RunSummary",
    "Scores",
    "StageCost",
    "StartFacts",
    "TargetExplanation",
    "TargetLeaks",
    "TargetScores",
    "TopFacts",
    "Trial",
    "print_summary",
    "removed_features",
    "stage_costs",
    "target_scores",
    "to_json",
    "with_validated_lifts",
]
