"""The command line `python -m yule_runner`: one module per command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from yule_runner.commands import plan, run, work
from yule_runner.errors import YuleRunnerError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m yule_runner", description="Run graphs of stored gokart tasks."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (run, plan, work):
        command.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.call(options))
    except YuleRunnerError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
