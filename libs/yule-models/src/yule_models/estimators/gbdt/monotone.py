"""Columns with which predictions may only rise, or only fall."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from yule_models.encoding import FeatureColumns
from yule_models.errors import ModelParameterError

__all__ = ["monotone_signs"]


def monotone_signs(params: Mapping[str, Any], columns: FeatureColumns) -> list[int]:
    """Return the sign of each column in the order of LightGBM's matrix; 0: any. Empty: of none.

    Args:
        params: Parameters of the kind.
        columns: The columns of the training table.

    Raises:
        ModelParameterError: If a name is that of no numeric column.
    """
    signs: Mapping[str, int] = params["monotone"]
    for name in signs:
        if name not in columns.numeric:
            near = difflib.get_close_matches(name, columns.numeric, n=1)
            advice = f"did you mean {near[0]!r}?" if near else "leave it out."
            raise ModelParameterError(
                f"The parameter 'monotone' names {name!r}, which is no numeric feature; {advice}",
                path=("params", "monotone", name),
            )
    return [signs.get(name, 0) for name in columns.ordered] if signs else []
