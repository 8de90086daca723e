"""The last events of an entity, one after another, for models of sequences."""

from mushroom.features.event_sequences.build import build_event_sequences
from mushroom.features.event_sequences.check import check_event_sequences
from mushroom.features.event_sequences.fit import gather_codes
from mushroom.features.event_sequences.lists import as_lists
from mushroom.features.event_sequences.options import EventSequencesOptions

__all__ = [
    "EventSequencesOptions",
    "as_lists",
    "build_event_sequences",
    "check_event_sequences",
    "gather_codes",
]
