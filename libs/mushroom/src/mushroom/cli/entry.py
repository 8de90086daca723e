"""Where the `mushroom` command begins, whether or not the extra `cli` is installed."""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    try:
        import typer  # noqa: F401 (only whether it is there)
    except ModuleNotFoundError:
        sys.stderr.write("The mushroom command needs an extra: pip install 'mushroom[cli]'.\n")
        raise SystemExit(2) from None
    from mushroom.cli.app import app

    app(prog_name="mushroom")
