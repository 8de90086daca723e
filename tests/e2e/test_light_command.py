"""`yule --help` must answer at once, so it loads nothing heavy. Counted, not timed."""

from loading import printed_and_loaded

HEAVY = (
    "duckdb",
    "gokart",
    "lightgbm",
    "luigi",
    "markdown_it",
    "matplotlib",
    "mlflow",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "pygments",
    "sklearn",
    "sqlglot",
    "tensorboard",
    "torch",
)


def test_help_loads_nothing_heavy() -> None:
    printed, loaded = printed_and_loaded(HEAVY, "--help")

    assert "One case file in, scores for everybody out." in printed
    assert loaded == "[]"
