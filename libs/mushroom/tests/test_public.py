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
