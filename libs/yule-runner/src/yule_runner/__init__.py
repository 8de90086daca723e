"""Runs a graph of stored gokart tasks on local processes or on a cluster."""

__version__ = "0.1.0"
