"""The report of a run: one HTML file that needs nothing but itself."""

from yule_cli.report.inputs import ReportInputs, population_scores
from yule_cli.report.page import render_report, write_report

__all__ = ["ReportInputs", "population_scores", "render_report", "write_report"]
