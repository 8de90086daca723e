from collections.abc import Callable
from pathlib import Path

import pytest
from check_versions import main

Output = pytest.CaptureFixture[str]
Check = Callable[..., int]
Edit = Callable[[str, str, str], None]
SUMS = "libs/shop/src/shop/tasks/sums.py"
ADDING = "libs/shop/src/shop/arithmetic/adding.py"


@pytest.fixture
def check(workspace: Path) -> Check:
    def run(*arguments: str) -> int:
        return main(["--root", str(workspace), *arguments])

    return run


@pytest.fixture
def recorded(check: Check) -> None:
    assert check("--update") == 0


def test_a_new_task_must_be_recorded(check: Check, capsys: Output) -> None:
    assert check() == 1
    assert "shop.tasks.sums.Sum is not on record (1)" in capsys.readouterr().err
    assert check("--update") == 0
    assert check() == 0


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("change", "changed"),
    [
        ((SUMS, "self.dump(total(", "self.dump(-total("), "shop.tasks.sums.Sum"),
        ((ADDING, "_add(numbers, START)", "_add(numbers, 7)"), "shop.arithmetic.adding.total"),
        ((ADDING, "+ start", "- start"), "shop.arithmetic.adding._add"),
        ((ADDING, "START = 0", "START = 1"), "shop.arithmetic.adding.START"),
        ((ADDING, "import math\n", "import cmath as math\n"), "shop.arithmetic.adding._add"),
    ],
    ids=["task", "helper", "helper of a helper", "constant", "import"],
)
def test_a_changed_computation_is_named(
    check: Check,
    edit: Edit,
    capsys: Output,
    change: tuple[str, str, str],
    changed: str,
) -> None:
    edit(*change)
    assert check() == 1
    message = capsys.readouterr().err
    assert "shop.tasks.sums.Sum computes something else under the same VERSION (1)" in message
    assert f"    {changed}\n" in message
    assert check("--update") == 1, "an update must not hide it"


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (SUMS, '"""Adds up."""', '"""Adds all numbers up."""'),
        (ADDING, "    return _add", "    # in order\n    return _add"),
        (ADDING, "numbers: list[int]) -> int", "numbers: tuple[int, ...]) -> float"),
        (ADDING, '"nothing to add"', 'f"nothing to add in {numbers}"'),
        (ADDING, "return 1", "return 2"),
        (SUMS, "StoredTask[int]", "StoredTask[float]"),
    ],
    ids=["docstring", "comment", "annotation", "message", "unrelated", "type argument"],
)
def test_what_leaves_the_results_alone_passes(
    check: Check, edit: Edit, file: str, old: str, new: str
) -> None:
    edit(file, old, new)
    assert check() == 0


@pytest.mark.usefixtures("recorded")
def test_moving_a_helper_passes(check: Check, workspace: Path, edit: Edit) -> None:
    (workspace / ADDING).rename(workspace / ADDING.replace("adding", "sums"))
    edit("libs/shop/src/shop/arithmetic/__init__.py", "adding", "sums")
    assert check() == 0


@pytest.mark.usefixtures("recorded")
def test_a_raised_version_is_recorded(check: Check, edit: Edit, capsys: Output) -> None:
    edit(ADDING, "+ start", "- start")
    edit(SUMS, "VERSION = 1", "VERSION = 2")
    assert check() == 1
    assert "shop.tasks.sums.Sum has a new VERSION (2)" in capsys.readouterr().err
    assert check("--update") == 0
    assert check() == 0


@pytest.mark.usefixtures("recorded")
def test_a_lowered_version_is_refused(check: Check, edit: Edit, capsys: Output) -> None:
    edit(SUMS, "VERSION = 1", "VERSION = 0")
    assert check("--update") == 1
    assert "shop.tasks.sums.Sum has a lower VERSION than before (0)" in capsys.readouterr().err


@pytest.mark.usefixtures("recorded")
def test_an_accepted_change_is_recorded_with_its_reason(
    check: Check, edit: Edit, workspace: Path
) -> None:
    edit(ADDING, "math.fsum(numbers) + start", "start + math.fsum(numbers)")
    assert check("--accept", "Sum", "--why", "only the order was changed") == 0
    assert check() == 0
    assert 'why = "only the order was changed"' in (workspace / "versions.toml").read_text()


@pytest.mark.usefixtures("recorded")
def test_the_reason_goes_with_the_next_version(check: Check, edit: Edit, workspace: Path) -> None:
    edit(ADDING, "+ start", "- -start")
    assert check("--accept", "Sum", "--why", "the same sum") == 0
    edit(ADDING, "- -start", "- start")
    edit(SUMS, "VERSION = 1", "VERSION = 2")
    assert check("--update") == 0
    assert "why" not in (workspace / "versions.toml").read_text()


@pytest.mark.usefixtures("recorded")
def test_an_unknown_task_cannot_be_accepted(check: Check, capsys: Output) -> None:
    assert check("--accept", "Product", "--why", "no reason") == 2
    assert "No one changed task is Product; changed: none." in capsys.readouterr().err


def test_accepting_needs_a_reason(check: Check, capsys: Output) -> None:
    assert check("--accept", "Sum") == 2
    assert "go together" in capsys.readouterr().err


@pytest.mark.usefixtures("recorded")
def test_a_removed_task_is_reported(check: Check, workspace: Path, capsys: Output) -> None:
    (workspace / SUMS).write_text("")
    assert check() == 1
    assert "shop.tasks.sums.Sum is on record, but gone" in capsys.readouterr().err
    assert check("--update") == 0


def test_a_computed_version_is_refused(check: Check, edit: Edit, capsys: Output) -> None:
    edit(SUMS, "VERSION = 1", "VERSION = 1 + 1")
    assert check() == 1
    assert "must be a plain whole number" in capsys.readouterr().err


@pytest.mark.usefixtures("recorded")
def test_an_undecided_task_stays_named_while_another_is_accepted(
    check: Check, edit: Edit, capsys: Output
) -> None:
    edit(
        SUMS,
        "class Sum(",
        "class Twice(StoredTask[int]):\n    def run(self) -> None:\n"
        "        self.dump(2 * total(self.numbers.result()))\n\n\nclass Sum(",
    )
    assert check("--update") == 0
    edit(ADDING, "+ start", "+ 1 * start")
    assert check("--accept", "Twice", "--why", "times one") == 1
    message = capsys.readouterr().err
    assert "Twice computes" not in message
    assert "    shop.arithmetic.adding._add\n" in message


def test_a_class_that_leaves_something_to_subclasses_is_no_task(
    check: Check, workspace: Path, capsys: Output
) -> None:
    (workspace / "libs/shop/src/shop/tasks/bases.py").write_text(
        """\
from typing import ClassVar
from gokart_store import StoredTask

class WithoutRun(StoredTask):
    pass

class WithoutMethod(StoredTask):
    method: ClassVar[str]
    def run(self) -> None: ...

class Whole(WithoutMethod):
    VERSION = 3
    method = "mean"
"""
    )
    assert check("--update") == 0
    record = (workspace / "versions.toml").read_text()
    assert '[tasks."shop.tasks.bases.Whole"]\nversion = 3\n' in record
    assert record.count("[tasks.") == 2


@pytest.mark.usefixtures("recorded")
def test_everything_that_changed_can_be_accepted_at_once(check: Check, edit: Edit) -> None:
    edit(ADDING, "+ start", "- -start")
    assert check("--accept", "all", "--why", "the same sum") == 0


@pytest.mark.parametrize(
    "reference", ["shop.arithmetic.adding:total", "shop.arithmetic.adding", "shop.arithmetic"]
)
def test_a_registry_by_dotted_strings_is_followed(
    check: Check, edit: Edit, capsys: Output, reference: str
) -> None:
    edit(SUMS, "total(self", "import_module(BY_NAME['add'])(self")
    edit(SUMS, "class Sum", f"BY_NAME = {{'add': '{reference}'}}\n\nclass Sum")
    assert check("--update") == 0
    edit(ADDING, "+ start", "- start")
    assert check() == 1
    assert "    shop.arithmetic.adding._add\n" in capsys.readouterr().err


def test_a_versioned_base_gives_its_version_to_subclasses(
    check: Check, edit: Edit, workspace: Path
) -> None:
    edit(SUMS, "VERSION = 1", "VERSION = 4")
    (workspace / "libs/shop/src/shop/tasks/more.py").write_text(
        "from shop.tasks import Sum\n\nclass Checked(Sum):\n    pass\n"
    )
    assert check("--update") == 0
    record = (workspace / "versions.toml").read_text()
    assert '[tasks."shop.tasks.more.Checked"]\nversion = 4\n' in record
