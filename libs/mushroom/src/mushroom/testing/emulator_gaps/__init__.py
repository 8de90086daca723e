"""What the BigQuery emulator cannot do or does otherwise, and how to ask it all the same."""

from mushroom.testing.emulator_gaps.around import around
from mushroom.testing.emulator_gaps.gaps import DEVIATIONS, GAPS, Gap

__all__ = ["DEVIATIONS", "GAPS", "Gap", "around"]
