"""Rules of a Job's success policy (pkg/apis/batch/validation, validateSuccessPolicy)."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.index_rules import IndexesError, read_intervals
from yule_runner.testing.kubernetes.status import FieldError, invalid_value, required, too_many

__all__ = ["success_policy_errors"]

Json = dict[str, Any]

_MOST_RULES = 20
_LONGEST_INDEXES = 64 * 1024


def success_policy_errors(spec: Json) -> list[FieldError]:
    """Check `spec.successPolicy` of the spec of an Indexed Job."""
    path, rules = "spec.successPolicy.rules", spec["successPolicy"].get("rules") or []
    errors = []
    if not rules:
        text = "at least one rules must be specified when the successPolicy is specified"
        errors.append(required(path, text))
    if len(rules) > _MOST_RULES:
        errors.append(too_many(path, len(rules), _MOST_RULES))
    completions = int(spec.get("completions") or 0)
    for place, rule in enumerate(rules):
        errors += _rule_errors(rule, f"{path}[{place}]", completions)
    return errors


def _rule_errors(rule: Json, path: str, completions: int) -> list[FieldError]:
    count, text = rule.get("succeededCount"), rule.get("succeededIndexes")
    errors = []
    if count is None and text is None:
        why = "at least one of succeededCount or succeededIndexes must be specified"
        errors.append(required(path, why))
    total = 0
    if text is not None:
        where = f"{path}.succeededIndexes"
        if len(text) > _LONGEST_INDEXES:
            why = f"Too long: may not be more than {_LONGEST_INDEXES} bytes"
            errors.append(FieldError(where, why, "FieldValueTooLong"))
        try:
            intervals = read_intervals(text, completions)
            total = sum(last - first + 1 for first, last in intervals)
        except IndexesError as error:
            why = f"error parsing succeededIndexes: {error}"
            errors.append(invalid_value(where, text, why))
    if count is not None:
        errors += _count_errors(count, f"{path}.succeededCount", completions, total, text)
    return errors


def _count_errors(
    count: int, path: str, completions: int, total: int, text: str | None
) -> list[FieldError]:
    errors = []
    if count < 0:
        errors.append(invalid_value(path, count, "must be greater than or equal to 0"))
    if count > completions:
        why = f"must be less than or equal to {completions} (the number of specified completions)"
        errors.append(invalid_value(path, count, why))
    if text is not None and count > total:
        why = (
            f"must be less than or equal to {total} (the number of indexes in the specified "
            "succeededIndexes field)"
        )
        errors.append(invalid_value(path, count, why))
    return errors
