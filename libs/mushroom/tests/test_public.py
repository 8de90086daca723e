import subprocess
import sys

import mushroom
import pytest


def test_every_public_name_has_a_docstring() -> None:
    for name in mushroom.__all__:
        assert getattr(mushroom, name).__doc__, name


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 'mushroom' has no attribute 'nothing'"):
        _ = mushroom.nothing


def test_the_catalogue_alone_loads_no_giant() -> None:
    script = (
        "import sys, mushroom; mushroom.load_catalog; mushroom.open_warehouse; "
        "print(*{'duckdb', 'gokart', 'luigi', 'pandas'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "\n"


@pytest.mark.parametrize("module", ["mushroom", "mushroom.cli.app"])
def test_importing_it_loads_next_to_nothing(module: str) -> None:
    """A count of modules, since seconds depend on the machine: gokart alone loads hundreds."""
    script = (
        "import sys\n"
        "if sys.argv[1].endswith('app'): import typer\n"
        "before = set(sys.modules)\n"
        "__import__(sys.argv[1])\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    command = [sys.executable, "-c", script, module]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    others = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names - {"mushroom"}
    assert not others & {"typer"} or module != "mushroom"
    assert not others - {"rich", "shellingham", "annotated_doc"}
    assert len(loaded) < 120
