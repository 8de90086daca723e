"""Portfolios of models: fixed lists, so that a case means the same work on every machine.

A variant stands in one where it raised the validation scores of the blend of the others on two data
sets; `docs/adr` has the figures. Nothing here loads a model library.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from yule_models.errors import ModelParameterError

__all__ = ["PRESETS", "PresetModel", "preset_models"]


@dataclass(frozen=True, kw_only=True)
class PresetModel:
    """A model of a preset.

    Attributes:
        name: Its name in reports; also part of its seed.
        kind: Its kind.
        params: Parameters that differ from the kind's defaults.
    """

    name: str
    kind: str
    params: Mapping[str, bool | int | float] = field(default_factory=dict)


_GBDT = PresetModel(name="gbdt", kind="gbdt")
_ONE_HOT = PresetModel(name="gbdt-one-hot", kind="gbdt", params={"max_cat_to_onehot": 128})
_LINEAR = PresetModel(name="linear", kind="linear")
_SMALL_TABM = PresetModel(name="tabm", kind="tabm", params={"members": 16, "patience": 5})

PRESETS: Mapping[str, tuple[PresetModel, ...]] = {
    "fast": (_GBDT, _LINEAR),
    "balanced": (_GBDT, _ONE_HOT, _LINEAR, _SMALL_TABM),
    "best": (
        _GBDT,
        _ONE_HOT,
        _LINEAR,
        PresetModel(name="gbdt-2", kind="gbdt"),
        PresetModel(name="tabm", kind="tabm"),
    ),
}
"""From the quickest to the best."""


def preset_models(name: str) -> tuple[PresetModel, ...]:
    """Return the models of a preset.

    Raises:
        ModelParameterError: If there is no such preset.
    """
    if name not in PRESETS:
        near = difflib.get_close_matches(name, PRESETS, n=1)
        advice = f"did you mean {near[0]!r}" if near else f"there are {', '.join(PRESETS)}"
        raise ModelParameterError(f"There is no preset {name!r} of models; {advice}")
    return PRESETS[name]
