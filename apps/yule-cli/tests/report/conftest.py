from typing import Any

import numpy as np
import pytest
from yule_cli.report import ReportInputs
from yule_cli.summary import RunSummary


@pytest.fixture
def inputs(summary: RunSummary, metrics: dict[str, Any]) -> ReportInputs:
    shares = [number / 20 for number in range(21)]
    gains = [1 - (1 - share) ** 2 for share in shares]
    curves = {
        "gain": [{"share": s, "gain": g} for s, g in zip(shares, gains, strict=True)],
        "lift": [{"share": s, "lift": g / s} for s, g in zip(shares, gains, strict=True) if s],
        "calibration": [
            {"predicted": 0.1, "observed": 0.12, "rows": 50},
            {"predicted": 0.6, "observed": 0.55, "rows": 50},
        ],
    }
    importances = {"purchases.30d.count": 0.75, "purchases.90d.amount.sum": 0.25}
    return ReportInputs(
        summary=summary,
        metrics={**metrics, "curves": {"purchased": curves}},
        importances={"ensemble": importances, "models": {"gbdt": importances, "constant": {}}},
        scores={"purchased": np.linspace(0.05, 0.8, 4338)[:, None]},
        resolved={
            "case": "online-retail",
            "source": {"snapshot": {"transactions": "sha256:ab"}, "catalog": {"tables": {}}},
            "models": [{"name": "gbdt", "params": {"depth": 6}}],
            "code": {"commit": "c0ffee-dirty", "python": "3.11", "packages": {"torch": "2.13"}},
        },
    )
