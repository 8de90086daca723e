"""The plots of the report, as inline SVG."""

from yule_cli.report.figures.calibration import calibration_figure
from yule_cli.report.figures.classes import class_gains_figure, class_shares_figure
from yule_cli.report.figures.confusion import confusion_figure
from yule_cli.report.figures.distribution import distribution_figure
from yule_cli.report.figures.leaks import leaks_figure
from yule_cli.report.figures.numbers import predicted_figure, residuals_figure
from yule_cli.report.figures.ranking import gain_figure, lift_figure
from yule_cli.report.figures.spread import spread_figure

__all__ = [
    "calibration_figure",
    "class_gains_figure",
    "class_shares_figure",
    "confusion_figure",
    "distribution_figure",
    "gain_figure",
    "leaks_figure",
    "lift_figure",
    "predicted_figure",
    "residuals_figure",
    "spread_figure",
]
