"""Targets as a task's parameter."""

from gokart_store import CanonicalJson

from yule_models.targets import Target

__all__ = ["parse_targets"]


def parse_targets(value: CanonicalJson) -> tuple[Target, ...]:
    """Return the targets from their JSON form: name, kind, classes."""
    return tuple(Target.of(target) for target in value.value)
