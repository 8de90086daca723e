"""One case file in, scores for everybody out: the yule command."""

__version__ = "0.1.0"
