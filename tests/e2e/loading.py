"""Which libraries a `yule` command loads, seen at its end."""

import subprocess
import sys


def printed_and_loaded(names: tuple[str, ...], *arguments: str) -> tuple[str, str]:
    """Run a command; return what it prints, and which of the libraries it has loaded."""
    script = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print([name for name in {names!r} if name in sys.modules]))\n"
        f"sys.argv = ['yule', *{arguments!r}]\n"
        "from yule_cli.main import main\n"
        "main()"
    )
    completed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    printed, _, loaded = completed.stdout.rstrip().rpartition("\n")
    return printed, loaded
