"""The options that name a graph, shared by the commands that need one."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from yule_runner.errors import SourceError
from yule_runner.source import GraphSource

__all__ = ["add_source_options", "source_of"]


def add_source_options(parser: argparse.ArgumentParser) -> None:
    """Add --factory and --arguments."""
    parser.add_argument("--factory", required=True, help="name of an installed task factory")
    parser.add_argument(
        "--arguments", type=Path, required=True, help="JSON file: the factory's arguments"
    )


def source_of(options: argparse.Namespace) -> GraphSource:
    """Return the source that the options name.

    Raises:
        SourceError: the file is not readable, or holds no JSON object.
    """
    path: Path = options.arguments
    try:
        arguments = json.loads(path.read_bytes())
    except OSError as error:
        raise SourceError(f"The arguments {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SourceError(f"The arguments {path} are not JSON: {error}.") from error
    if not isinstance(arguments, dict):
        kind = type(arguments).__name__
        raise SourceError(f"The arguments {path} must be a JSON object, but hold a {kind}.")
    return GraphSource(factory=options.factory, arguments=arguments)
