"""What a wheel is refused for. The wheel is a real one, built here and then spoilt."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from wheel_contents import problems

LICENSE = "Do what you like.\n"
PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "shop"
version = "1.0"
description = "Sells things."
readme = "README.md"
license = "Apache-2.0"
requires-python = ">=3.11"
classifiers = [
    "Development Status :: 4 - Beta",
    "Programming Language :: Python :: 3.11",
    "Typing :: Typed",
]

[tool.hatch.build.targets.wheel]
packages = ["src/shop"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "src/shop/methods").mkdir(parents=True)
    (folder / "src/shop/__init__.py").write_text("")
    (folder / "src/shop/py.typed").write_text("")
    (folder / "src/shop/methods/sum.sql").write_text("SELECT 1")
    (folder / "README.md").write_text("# shop\n\n" + "It sells many things. " * 30 + "\n")
    (folder / "LICENSE").write_text(LICENSE)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    return folder


@pytest.fixture
def look(project: Path, tmp_path: Path) -> Callable[[], list[str]]:
    """Build the project's wheel, and say what is wrong with it."""

    def build_and_look() -> list[str]:
        out = tmp_path / "out"
        shutil.rmtree(out, ignore_errors=True)
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
        subprocess.run([*command, "--directory", out], cwd=project, check=True)
        (wheel,) = out.glob("*.whl")
        license_file = tmp_path / "LICENSE"
        license_file.write_text(LICENSE)
        return problems(wheel, project, license_file)

    return build_and_look


def test_a_good_wheel_has_no_problems(look: Callable[[], list[str]]) -> None:
    assert look() == []


@pytest.mark.parametrize(
    ("file", "change", "problem"),
    [
        ("pyproject.toml", ('description = "Sells things."\n', ""), "it has no description."),
        ("pyproject.toml", ('"Apache-2.0"', '"MIT"'), "its license is MIT, not Apache-2.0."),
        ("pyproject.toml", (">=3.11", ">=3.9"), "it asks for Python >=3.9, not >=3.11."),
        (
            "pyproject.toml",
            ('    "Typing :: Typed",\n', ""),
            "no classifier begins with 'Typing ::'",
        ),
        (
            "pyproject.toml",
            ('readme = "README.md"\n', ""),
            "its long description is not README.md.",
        ),
        ("README.md", ("It sells many things. ", ""), "its README says next to nothing."),
        ("LICENSE", ("like", "want"), "its license is not "),
    ],
)
def test_metadata_that_says_nothing_is_named(
    project: Path, look: Callable[[], list[str]], file: str, change: tuple[str, str], problem: str
) -> None:
    old, new = change
    text = (project / file).read_text()
    assert old in text
    (project / file).write_text(text.replace(old, new))

    assert any(found.startswith(f"shop-1.0-py3-none-any.whl: {problem}") for found in look())


def test_a_file_left_out_is_named(project: Path, look: Callable[[], list[str]]) -> None:
    exclude = '\n[tool.hatch.build]\nexclude = ["*.sql", "py.typed"]\n'
    (project / "pyproject.toml").write_text(PYPROJECT + exclude)

    assert look() == [
        "shop-1.0-py3-none-any.whl: it lacks ['shop/methods/sum.sql', 'shop/py.typed'].",
        "shop-1.0-py3-none-any.whl: it has no shop/py.typed: its types are lost to whoever "
        "installs it.",
    ]


def test_tests_and_strangers_are_named(project: Path, look: Callable[[], list[str]]) -> None:
    (project / "src/shop/tests").mkdir()
    (project / "src/shop/tests/test_shop.py").write_text("")
    (project / ".gitignore").write_text("built.txt\n")
    (project / "src/shop/built.txt").write_text("")
    forced = (
        '\n[tool.hatch.build.targets.wheel.force-include]\n"src/shop/built.txt" = "shop/b.txt"\n'
    )
    (project / "pyproject.toml").write_text(PYPROJECT + forced)

    assert look() == [
        "shop-1.0-py3-none-any.whl: it holds ['shop/b.txt'], which src does not.",
        "shop-1.0-py3-none-any.whl: it holds the tests ['shop/tests/test_shop.py'].",
    ]
