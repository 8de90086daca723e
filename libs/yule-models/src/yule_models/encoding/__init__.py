"""From a table of features to matrices, by what was learned from the training rows."""

from yule_models.encoding.columns import FeatureColumns, sequence_columns
from yule_models.encoding.vocabulary import Vocabulary

__all__ = ["FeatureColumns", "Vocabulary", "sequence_columns"]
