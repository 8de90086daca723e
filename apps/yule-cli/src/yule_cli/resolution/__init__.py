"""Resolving a case: defaults, choices and snapshots are fixed once, before any work."""

from yule_cli.resolution.late import columns_known_later
from yule_cli.resolution.resolve import resolve
from yule_cli.resolution.resolved import ResolvedCase

__all__ = ["ResolvedCase", "columns_known_later", "resolve"]
