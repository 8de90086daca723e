"""What the ensemble and its models go by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

__all__ = ["Importances", "TargetExplanation", "explanation_remarks"]

_LISTED, _SPOKEN = 20, 5


@dataclass(frozen=True, kw_only=True)
class Importances:
    """Features by their importance, the largest first, at most twenty of each.

    Attributes:
        permutation: By how much the loss rises when a feature's values change rows.
        shap: Mean absolute contribution to a score.
        gain: Share by the models' own account.
    """

    permutation: Mapping[str, float]
    shap: Mapping[str, float]
    gain: Mapping[str, float]

    @classmethod
    def of(cls, found: Mapping[str, Mapping[str, float]]) -> Self:
        """Take the first features of each list, in an order that JSON may have lost."""
        return cls(**{name: _first(found[name]) for name in ("permutation", "shap", "gain")})


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
        """The features whose permutation harms the ensemble most; none that does not harm it."""
        harmful = [name for name, rise in self.ensemble.permutation.items() if rise > 0]
        return tuple(harmful[:_SPOKEN])


def explanation_remarks(found: Mapping[str, TargetExplanation]) -> Iterator[tuple[str, str]]:
    """Say for each target in a line which features its scores go by most."""
    for name, target in found.items():
        if target.leading:
            yield name, ", ".join(target.leading)


def _first(values: Mapping[str, float]) -> dict[str, float]:
    ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    return dict(ranked[:_LISTED])
