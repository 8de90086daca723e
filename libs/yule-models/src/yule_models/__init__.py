"""Models, folds, metrics and ensembles for tabular user data, as estimators and as gokart tasks."""

__version__ = "0.1.0"
