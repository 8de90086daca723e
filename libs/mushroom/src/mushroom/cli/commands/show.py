"""`mushroom methods show`: what a method says about itself."""

import json

import typer

from mushroom.cli.commands.options import CatalogOption, DebugOption, JsonOption, MethodArgument
from mushroom.cli.reporting import errors_reported

__all__ = ["show"]


def show(
    method: MethodArgument,
    catalog: CatalogOption = None,
    json_output: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show what a method needs and returns, and its SQL."""
    with errors_reported(debug=debug):
        from mushroom.catalog import load_catalog
        from mushroom.methods import load_method
        from mushroom.methods.description import describe_method

        found = load_method(method, None if catalog is None else load_catalog(catalog))
        if json_output:
            declared = found.declaration.model_dump(mode="json", exclude_defaults=True)
            typer.echo(json.dumps({**declared, "name": found.name, "text": found.text}))
        else:
            typer.echo(describe_method(found))
