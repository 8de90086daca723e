"""How many steps fits usually take before early stopping ends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Steps", "usual_steps"]

_BOOSTED, _EPOCHS = 12.0, 30
"""Of boosting the learning rate times the rounds that early stopping chose, of networks the epochs;
`docs/adr` has what was seen."""
_REFIT, _SEARCH_FOR_CROSSES = 1.1, 1.1


@dataclass(frozen=True, kw_only=True)
class Steps:
    """The steps of a fit.

    Attributes:
        parameter: The parameter that bounds them; None: the fit is a single step.
        number: How many are usually taken, those of a refit included.
        kept: How many of them the model keeps, where it predicts by each; None: it has one size.
    """

    parameter: str | None
    number: float
    kept: float | None = None


def usual_steps(params: Mapping[str, Any]) -> Steps:
    """Return the steps that a fit usually takes.

    Args:
        params: All parameters of a kind, as numbers where they depend on the rows; which of them
            bounds its steps tells how it learns.

    Example:
        >>> from yule_models import check_params
        >>> usual_steps(check_params("gbdt", {"learning_rate": 0.03}))
        Steps(parameter='rounds', number=1034.0, kept=440.0)
        >>> usual_steps(check_params("linear", {}))
        Steps(parameter=None, number=1.0, kept=None)
    """
    known = next((name for name in _STEPS if name in params), None)
    return Steps(parameter=None, number=1.0) if known is None else _STEPS[known](params)


def _boosting(params: Mapping[str, Any]) -> Steps:
    chosen = min(_BOOSTED / params["learning_rate"], params["rounds"])
    number = min(chosen + params["patience"], params["rounds"])
    kept = min(chosen * _REFIT, params["rounds"]) if params["refit"] else number
    number = (number + kept if params["refit"] else number) * (
        _SEARCH_FOR_CROSSES if params["crosses"] else 1
    )
    return Steps(parameter="rounds", number=round(number, 1), kept=round(kept, 1))


def _epochs(params: Mapping[str, Any]) -> Steps:
    number = min(_EPOCHS + params["patience"], params["epochs"])
    return Steps(parameter="epochs", number=float(number + params.get("pretraining_epochs", 0)))


_STEPS: Mapping[str, Callable[[Mapping[str, Any]], Steps]] = {
    "rounds": _boosting,
    "epochs": _epochs,
}
"""By the parameter that bounds them."""
