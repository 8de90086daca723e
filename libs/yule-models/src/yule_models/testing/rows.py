"""Rows with every type of feature, and labels of every kind that depend on two of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from yule_models.targets import Target

__all__ = ["BINARY", "TARGETS", "Rows", "described_rows"]

BINARY = Target(name="bought")
TARGETS = (
    BINARY,
    Target(name="segment", kind="multiclass", classes=("low", "middle", "high")),
    Target(name="spend", kind="regression"),
)
_PLANS = np.array(["basic", "plus", "pro"])


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A table of features, and the labels of `TARGETS`."""

    features: pd.DataFrame
    labels: pd.DataFrame


def described_rows(count: int, *, seed: int) -> Rows:
    """Draw rows. Labels depend on `amount` and `plan`; no other feature says anything.

    Every fifth amount and every seventh plan is missing, and every ninth row lacks a segment.

    Args:
        count: Number of rows.
        seed: Seed of the draw.
    """
    generator = np.random.default_rng(seed)
    amount = generator.normal(size=count)
    plan = generator.integers(3, size=count)
    spend = 20 + 10 * (1.5 * amount + plan - 1) + generator.normal(size=count)
    position = np.arange(count)
    features = pd.DataFrame(
        {
            "amount": np.where(position % 5 == 0, np.nan, amount),
            "plan": pd.Series(_PLANS[plan]).mask(position % 7 == 0),
            "visits": generator.integers(20, size=count),
            "age": pd.array(generator.integers(18, 90, size=count), dtype="Int64"),
            "is_member": generator.random(count) < 0.5,
            "consent": pd.Series(generator.random(count) < 0.5, dtype=object).mask(
                position % 4 == 0, None
            ),
            "device": pd.Categorical(np.where(generator.random(count) < 0.5, "phone", "desk")),
            "never_known": np.full(count, np.nan),
            "always_same": np.ones(count),
        }
    )
    segment = pd.cut(spend, [-np.inf, 12, 28, np.inf], labels=["low", "middle", "high"])
    labels = pd.DataFrame(
        {
            "bought": (spend > 20).astype(np.float64),
            "segment": pd.Series(segment.astype(object)).mask(position % 9 == 0),
            "spend": spend,
        }
    )
    return Rows(features=features, labels=labels)
