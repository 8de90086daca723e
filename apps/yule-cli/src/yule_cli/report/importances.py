"""Which features matter, as lists of bars that the page draws by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from yule_cli.report.inputs import ReportInputs

__all__ = ["Bar", "BarList", "importance_lists"]

_MOST = 20
_ERROR = ", ± its standard error over folds, twice which is within what chance does"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One feature.

    Attributes:
        name: The feature.
        value: Its importance, as text.
        length: The same, relative to the largest: from 0 to 1.
    """

    name: str
    value: str
    length: float


@dataclass(frozen=True, kw_only=True)
class BarList:
    """The most important features by one account, the largest on top.

    Attributes:
        title: Whose account it is.
        hint: What the values are.
        bars: At least one.
        left_out: How many features are not shown.
    """

    title: str
    hint: str
    bars: tuple[Bar, ...]
    left_out: int


def importance_lists(inputs: ReportInputs) -> list[BarList]:
    """Return what explains the scores, then what the models tell of themselves."""
    return [*_explanations(inputs), *_own_accounts(inputs)]


def _explanations(inputs: ReportInputs) -> Iterator[BarList]:
    """Tell for each target what the ensemble goes by, then each model that it uses."""
    for target, found in inputs.summary.explanation.items():
        for name, own in {"ensemble": found.ensemble, **found.models}.items():
            loss = found.loss.replace("_", " ")
            rises = {feature: rise for feature, rise in own.permutation.items() if rise > 0}
            kinds = (
                ("permutation", rises, f"rise of the {loss} when its values change rows{_ERROR}"),
                ("SHAP", own.shap, f"mean absolute contribution, in units of {found.unit}"),
            )
            for method, values, hint in kinds:
                if any(values.values()):
                    title = f"{target}: {name}, {method}"
                    said = f"Of each feature, out of fold: {hint}."
                    errors = own.permutation_error if values is rises else {}
                    yield _ranked(title, said, values, ".3g", errors=errors)


def _own_accounts(inputs: ReportInputs) -> Iterator[BarList]:
    """Tell the ensemble's importances, then those of each model that knows them."""
    parts = {"ensemble": inputs.importances.get("ensemble", {})}
    parts |= inputs.importances.get("models", {})
    hint = "Share of each feature by the models' own account: gain, or coefficients."
    for name, shares in parts.items():
        if shares:
            yield _ranked(f"{name}, by its own account", hint, shares, ".1%")


def _ranked(
    title: str,
    hint: str,
    values: Mapping[str, float],
    form: str,
    *,
    errors: Mapping[str, float] = MappingProxyType({}),
) -> BarList:
    spread = {name: f" ± {error:.1g}" for name, error in errors.items()}
    ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    largest = max(ranked[0][1], 0.0) or 1.0
    return BarList(
        title=title,
        hint=hint,
        bars=tuple(
            Bar(
                name=name,
                value=f"{value:{form}}{spread.get(name, '')}",
                length=max(value, 0.0) / largest,
            )
            for name, value in ranked[:_MOST]
        ),
        left_out=max(0, len(ranked) - _MOST),
    )
