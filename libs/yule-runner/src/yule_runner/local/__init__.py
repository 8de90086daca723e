"""The executor for one machine: persistent worker processes within declared resources."""

from yule_runner.local.executor import LocalExecutor

__all__ = ["LocalExecutor"]
