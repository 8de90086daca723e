"""What models go by: in all, and for one row."""

from yule_models.explanation.fold import explain_fold, predictions_of_a_fold
from yule_models.explanation.importance import explain_ensemble, merge_explanations
from yule_models.explanation.reasons import reason_columns, reasons_of
from yule_models.explanation.sampling import MOST_PREDICTIONS, sampled_contributions
from yule_models.explanation.study import ExplainedMember, ranked_features
from yule_models.explanation.typical import typical_row

__all__ = [
    "MOST_PREDICTIONS",
    "ExplainedMember",
    "explain_ensemble",
    "explain_fold",
    "merge_explanations",
    "predictions_of_a_fold",
    "ranked_features",
    "reason_columns",
    "reasons_of",
    "sampled_contributions",
    "typical_row",
]
