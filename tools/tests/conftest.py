from collections.abc import Callable
from pathlib import Path

import pytest

# A library whose task reaches a helper through another module and a re-export.
SOURCES = {
    "libs/shop/src/shop/__init__.py": "",
    "libs/shop/src/shop/tasks/__init__.py": "from shop.tasks.sums import Sum\n",
    "libs/shop/src/shop/tasks/sums.py": """\
from gokart_store import StoredTask
from shop.arithmetic import total

class Sum(StoredTask[int]):
    \"\"\"Adds up.\"\"\"

    VERSION = 1

    def run(self) -> None:
        self.dump(total(self.numbers.result()))
""",
    "libs/shop/src/shop/arithmetic/__init__.py": "from shop.arithmetic.adding import total\n",
    "libs/shop/src/shop/arithmetic/adding.py": """\
import math

START = 0

def total(numbers: list[int]) -> int:
    \"\"\"Return the sum.\"\"\"
    return _add(numbers, START)

def _add(numbers: list[int], start: int) -> int:
    if not numbers:
        raise ValueError("nothing to add")
    return math.fsum(numbers) + start

def unrelated() -> int:
    return 1
""",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name, text in SOURCES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def edit(workspace: Path) -> Callable[[str, str, str], None]:
    def replace(name: str, old: str, new: str) -> None:
        path = workspace / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return replace
