"""What the ensemble and its models go by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

__all__ = ["Importances", "TargetExplanation", "explanation_remarks"]

_LISTED, _SPOKEN = 20, 5
_ERRORS = 2


@dataclass(frozen=True, kw_only=True)
class Importances:
    """Features by their importance, the largest first, at most twenty of each.

    Attributes:
        permutation: By how much the loss rises when a feature's values change rows.
        permutation_error: The standard error of that, over folds; of features that two know.
        shap: Mean absolute contribution to a score.
        gain: Share by the models' own account.
    """

    permutation: Mapping[str, float]
    permutation_error: Mapping[str, float]
    shap: Mapping[str, float]
    gain: Mapping[str, float]

    @classmethod
    def of(cls, found: Mapping[str, Mapping[str, float]]) -> Self:
        """Take the first features of each list, in an order that JSON may have lost."""
        permutation = _first(found["permutation"])
        errors = found["permutation_error"]
        return cls(
            permutation=permutation,
            permutation_error={name: errors[name] for name in permutation if name in errors},
            shap=_first(found["shap"]),
            gain=_first(found["gain"]),
        )

    def is_raised_by_chance(self, feature: str) -> bool:
        """Whether the loss rises by no more than two standard errors, if at all."""
        error = self.permutation_error.get(feature, 0.0)
        return self.permutation[feature] <= _ERRORS * error


@dataclass(frozen=True, kw_only=True)
class TargetExplanation:
    """Of one target.

    Attributes:
        loss: What permutation raises.
        unit: Unit of contributions: "log-odds" or "value".
        ensemble: The ensemble's importances.
        models: Those of each model that it uses.
    """

    loss: str
    unit: str
    ensemble: Importances
    models: Mapping[str, Importances]

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Self:
        """Read what `yule_models.explanation.explain_ensemble` reports of a target."""
        return cls(
            loss=found["loss"],
            unit=found["unit"],
            ensemble=Importances.of(found["ensemble"]),
            models={name: Importances.of(own) for name, own in sorted(found["models"].items())},
        )

    @property
    def leading(self) -> tuple[str, ...]:
        """The features whose permutation harms the ensemble most, and by more than chance does."""
        own = self.ensemble
        harmful = [name for name in own.permutation if not own.is_raised_by_chance(name)]
        return tuple(harmful[:_SPOKEN])


def explanation_remarks(found: Mapping[str, TargetExplanation]) -> Iterator[tuple[str, str]]:
    """Say for each target in a line which features its scores go by most."""
    for name, target in found.items():
        if target.leading:
            yield name, ", ".join(target.leading)


def _first(values: Mapping[str, float]) -> dict[str, float]:
    ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    return dict(ranked[:_LISTED])
