"""`mushroom methods list`: what there is."""

import json

import typer

from mushroom.cli.commands.options import CatalogOption, DebugOption, JsonOption
from mushroom.cli.reporting import errors_reported

__all__ = ["list_methods"]


def list_methods(
    catalog: CatalogOption = None, json_output: JsonOption = False, debug: DebugOption = False
) -> None:
    """List all methods: mushroom's own, those of installed packages, and a team's."""
    with errors_reported(debug=debug):
        from mushroom.catalog import load_catalog
        from mushroom.methods import load_method, method_names

        team = None if catalog is None else load_catalog(catalog)
        found = [load_method(name, team) for name in method_names(team)]
        if json_output:
            rows = [
                {"name": m.name, "summary": m.declaration.summary, "place": m.place} for m in found
            ]
            typer.echo(json.dumps(rows))
        else:
            width = max(len(method.name) for method in found)
            for method in found:
                typer.echo(f"{method.name:{width}}  {method.declaration.summary}")
