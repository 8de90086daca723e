"""Counts, sums and habits of an entity's events over windows of time."""

from mushroom.features.event_windows.build import build_event_windows
from mushroom.features.event_windows.check import check_event_windows
from mushroom.features.event_windows.options import EventWindowsOptions

__all__ = ["EventWindowsOptions", "build_event_windows", "check_event_windows"]
