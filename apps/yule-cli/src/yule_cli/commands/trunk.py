"""`yule trunk`: what a network has learned, for others to start from."""

from pathlib import Path
from typing import Annotated

import typer

from yule_cli.commands.options import DebugOption
from yule_cli.commands.reporting import errors_reported

__all__ = ["trunk"]


def trunk(
    run: Annotated[Path, typer.Argument(help="Folder of the run: .yule/runs/<run id>.")],
    file: Annotated[Path, typer.Argument(help="The file to write, as trunk.safetensors.")],
    model: Annotated[
        str | None,
        typer.Option(help="The network, where the run has several."),
    ] = None,
    debug: DebugOption = False,
) -> None:
    """Write the trunk of a network of a run: all but what each target has for itself.

    It is that of the last fold, which in a forward scheme has seen the most. A model of another
    case starts from it by `start_from`.
    """
    with errors_reported(debug=debug):
        from yule_cli.repetition import EarlierRun
        from yule_cli.trunks import export_trunk

        facts = export_trunk(EarlierRun.read(run), file, model=model)
        origin = facts.origin
        typer.echo(
            f"{file} is the trunk of {origin['model']}, which has learned "
            f"{', '.join(origin['targets'])} by {len(facts.features)} features; its sha256 is "
            f"{facts.sha256}."
        )
