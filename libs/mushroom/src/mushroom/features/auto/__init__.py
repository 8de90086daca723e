"""Chooses features from a catalogue alone: `auto`."""

from mushroom.features.auto.choose import MAX_COLUMNS, choose_features
from mushroom.features.auto.spans import event_spans

__all__ = ["MAX_COLUMNS", "choose_features", "event_spans"]
