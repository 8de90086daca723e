"""Checks a method's file over what the command line names."""

from collections.abc import Iterable
from pathlib import Path

from mushroom.catalog import load_catalog
from mushroom.cli.arguments import parse_parameters, parse_table_options
from mushroom.errors import MethodError
from mushroom.methods import Method
from mushroom.methods.check import check_method, read_method
from mushroom.warehouse import open_warehouse

__all__ = ["tried"]


def tried(
    file: Path,
    *,
    catalog: Path | None,
    warehouse: str | None,
    tables: Iterable[str],
    columns: Iterable[str],
    parameters: Iterable[str],
) -> Method:
    """The method in a file, after all checks.

    Raises:
        MushroomError: It is not sound, or something else that was given is wrong.
    """
    if (catalog is None) != (warehouse is None):
        raise MethodError("Give both --catalog and --warehouse, or none: then tables are empty.")
    values = parse_parameters(parameters, read_method(file).declaration.parameters)
    return check_method(
        file,
        catalog=None if catalog is None else load_catalog(catalog),
        warehouse=None if warehouse is None else open_warehouse(warehouse, root=Path.cwd()),
        tables=parse_table_options(tables, columns),
        parameters=values,
    )
