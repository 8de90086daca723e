"""Runs a method as the task that stores its answer."""

from collections.abc import Iterable
from pathlib import Path

from gokart_store import ShardedDataset, open_store, run_task

from mushroom.catalog import load_catalog
from mushroom.cli.arguments import parse_parameters, parse_table_options
from mushroom.errors import MethodError
from mushroom.methods import load_method
from mushroom.source import Source
from mushroom.tasks.download import Download

__all__ = ["downloaded"]


def downloaded(
    method: str,
    *,
    catalog: Path | None,
    warehouse: str | None,
    tables: Iterable[str],
    columns: Iterable[str],
    parameters: Iterable[str],
    store: str,
) -> tuple[ShardedDataset, bool]:
    """The rows of a method, and whether the store had them already.

    Raises:
        MushroomError: Something that was given is wrong, or the warehouse refused the query.
    """
    if catalog is None or warehouse is None:
        raise MethodError("A method runs over data: give --catalog FILE and --warehouse URL.")
    team = load_catalog(catalog)
    declared = load_method(method, team).declaration
    given = {
        "tables": parse_table_options(tables, columns),
        "parameters": parse_parameters(parameters, declared.parameters),
    }
    cache = open_store(store).side_folder("side/warehouse")
    source = Source.of(warehouse, root=Path.cwd(), catalog=team, cache=cache)
    task = Download(method=method, workspace_directory=store, **given, **source.arguments())
    is_cached = task.complete()
    if not is_cached:
        run_task(task)
    return task.result(), is_cached
