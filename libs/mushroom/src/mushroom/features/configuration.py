"""Features as a configuration lists them: `{name, method, …options}`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from mushroom.catalog import Catalog
from mushroom.features.error import FeatureError
from mushroom.features.method import FeatureMethod
from mushroom.features.registry import FEATURE_METHODS, feature_method

__all__ = ["NAME_PATTERN", "Feature", "parse_features", "validate_features"]

NAME_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One entry of the list, parsed."""

    name: str
    method: FeatureMethod
    options: BaseModel


def parse_features(features: Sequence[Mapping[str, Any]]) -> tuple[Feature, ...]:
    """The features of a configuration, in its order.

    Raises:
        FeatureError: If an entry is malformed, or a name stands twice; the path starts with
            ``"features"`` and the entry's position.
    """
    if not _is_list(features):
        raise FeatureError(
            f"`features` is a list of `{{name, method, …options}}`, got {features!r}.",
            path=("features",),
        )
    parsed: list[Feature] = []
    for position, entry in enumerate(features):
        try:
            feature = _parse(entry)
            if feature.name in {other.name for other in parsed}:
                raise FeatureError(
                    f"The name {feature.name!r} stands twice; columns are named after it, so give "
                    "each feature a name of its own.",
                    path=("name",),
                )
        except FeatureError as error:
            raise error.under("features", position) from error.__cause__
        parsed.append(feature)
    return tuple(parsed)


def validate_features(features: Sequence[Mapping[str, Any]], catalog: Catalog) -> None:
    """Check a configuration's features against a catalogue; no warehouse is needed.

    Raises:
        FeatureError: If a feature cannot be computed; the path says where in the configuration,
            such as ``("features", 0, "windows")``, and the message suggests the nearest valid name.
    """
    for position, feature in enumerate(parse_features(features)):
        try:
            feature.method.check(feature.options, catalog)
        except FeatureError as error:
            raise error.under("features", position) from error.__cause__


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _parse(entry: Mapping[str, Any]) -> Feature:
    if not isinstance(entry, Mapping):
        raise FeatureError(
            f"A feature is a mapping of `name`, `method` and options, got {entry!r}."
        )
    options = dict(entry)
    name = options.pop("name", None)
    if not isinstance(name, str) or not re.fullmatch(NAME_PATTERN, name):
        raise FeatureError(
            "A feature needs a `name` of letters, digits and underscores, which its columns are "
            f"named after; got {name!r}.",
            path=("name",),
        )
    method = options.pop("method", None)
    if not isinstance(method, str):
        raise FeatureError(
            f"The feature {name!r} needs a `method`, one of {', '.join(FEATURE_METHODS)}; "
            f"got {method!r}.",
            path=("method",),
        )
    found = feature_method(method)
    return Feature(name=name, method=found, options=found.parse(options))
