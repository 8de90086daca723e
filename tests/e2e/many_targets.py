"""The little shop with targets of all kinds, and labels that are missing for some."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from variants import change, quick_shop, table, write

CLASSES = ["never", "セール", "often"]
TARGETS = {
    "ordered": "binary",
    "interest": {"kind": "multiclass", "classes": CLASSES},
    "visits": "regression",
}


def many_targets(folder: Path) -> Path:
    """The shop, which also asks for the visits of the next 30 days, as a number and as classes."""
    case = quick_shop(folder, is_tracked=True)
    labels, visits = table(case, "labels"), table(case, "visits")
    who, at = visits["customer"].to_numpy(), visits["at"].cast(pa.int64()).to_numpy()
    us = 86_400_000_000
    counts = np.array(
        [
            np.count_nonzero((who == customer) & (at > as_of) & (at <= as_of + 30 * us))
            for customer, as_of in zip(
                labels["customer"].to_pylist(),
                labels["as_of"].cast(pa.int64()).to_pylist(),
                strict=True,
            )
        ]
    )
    random = np.random.default_rng(0)
    asked = np.array(CLASSES)[np.digitize(counts, [3, 8])]
    unasked, unknown = random.random((2, len(counts))) < 0.4
    ordered = pa.array(labels["ordered"].to_numpy(), mask=unasked & unknown)
    labels = labels.set_column(2, "ordered", ordered)
    labels = labels.append_column("interest", pa.array(asked, mask=unasked))
    labels = labels.append_column("visits", pa.array(counts.astype(float), mask=unknown))
    counts_twice = np.where(np.arange(len(labels)) % 3 == 0, 2, 1)
    labels = labels.append_column("importance", pa.array(counts_twice))
    bare = pc.and_(pc.is_null(labels["ordered"]), pc.is_null(labels["visits"]))
    write(case, "labels", labels.filter(pc.invert(pc.and_(bare, pc.is_null(labels["interest"])))))

    def edit(fields: dict[str, Any]) -> None:
        fields["labels"]["targets"] = TARGETS
        fields["labels"]["weight"] = "importance"
        fields["explain"] = {"reasons": 2}
        fields["select"] = {"exclude": ["*.30d_of_all.*"], "same_above": 1.0, "importance_top": 12}
        fields["score"]["contact"] = {"ordered": {"cost": 1, "value": 4}}

    change(case, edit)
    return case
