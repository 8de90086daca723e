"""The section `ensemble` of a case file: how models are combined."""

from typing import Literal

from pydantic import Field

from yule_cli.config.fields import Name, Section

__all__ = ["Ensemble", "TargetEnsemble"]

Method = Literal["greedy", "mean", "rank_mean", "stacking"]
Metric = Literal[
    "log_loss",
    "auc",
    "average_precision",
    "brier",
    "macro_auc",
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "rmse",
    "mae",
    "r2",
    "spearman",
]
Calibration = Literal["auto", "none", "isotonic", "temperature"]


class TargetEnsemble(Section):
    """How the models of one target are combined, where it differs from the other targets."""

    method: Method | None = Field(default=None, description="As `ensemble.method`.")
    metric: Metric | None = Field(default=None, description="As `ensemble.metric`.")
    rounds: int | None = Field(default=None, ge=1, le=1000, description="As `ensemble.rounds`.")
    calibration: Calibration | None = Field(default=None, description="As `ensemble.calibration`.")
    interval: float | None = Field(default=None, gt=0, lt=1, description="As `ensemble.interval`.")


class Ensemble(Section):
    """How models are combined, target by target, judged on folds that nothing was learned from."""

    method: Method = Field(
        default="greedy",
        description="greedy: selection with replacement; mean: equal weights; rank_mean: the mean "
        "of ranks, of binary targets; stacking: a regularised model of the models' predictions.",
    )
    metric: Metric | None = Field(
        default=None,
        description="Metric that greedy selection improves; log_loss by default, rmse of numbers.",
    )
    rounds: int = Field(default=25, ge=1, le=1000, description="Rounds of greedy selection.")
    calibration: Calibration = Field(
        default="auto",
        description="What makes probabilities mean what they say; auto: what lowers the log-loss "
        "out of fold, if anything does. Numbers are not calibrated.",
    )
    interval: float = Field(
        default=0.9,
        gt=0,
        lt=1,
        description="Share of outcomes that the interval of a predicted number should hold.",
    )
    targets: dict[Name, TargetEnsemble] = Field(
        default_factory=dict, description="What differs for some targets, by their names."
    )
