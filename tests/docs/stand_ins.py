"""Commands that a test cannot run as they are, and what is checked in their place."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from documents import ROOT

_VALIDATED = {"examples/online-retail/case.yaml", "case.yaml"}


def of(words: Sequence[str], *, folder: Path, site: Path) -> str | None:
    """Return the command that stands in for one; None where it is run as it is.

    - `make TARGET`, which installs everything or takes minutes: `make -n TARGET`, so that the
      target is one.
    - `pip install PACKAGE`, which would fetch it: the package and its extras are our own.
    - `pip install --editable .`, which would fetch what builds it: the folder's pyproject.toml is
      registered as pip would, with its entry points; the folder itself is importable anyway.
    - `yule run` on the whole example, which takes a minute, or on a `case.yaml` that tests/e2e
      runs too: `yule validate` on it. The tutorial's runs, and those with `--json`, are made.
    """
    match list(words):
        case ["make", *targets]:
            return f"make -C '{ROOT}' -n {' '.join(targets)}"
        case ["pip", "install", "--editable", "."]:
            _register(folder / "pyproject.toml", site)
            return "true"
        case ["pip", "install", *requirements]:
            for requirement in requirements:
                _check_ours(requirement)
            return "true"
        case ["yule", "run", case] if case in _VALIDATED:
            return f"yule validate {case}"
    return None


def _check_ours(requirement: str) -> None:
    found = re.fullmatch(r"([a-z-]+)(?:\[([a-z,]+)\])?", requirement)
    assert found, f"{requirement} is no package of this project"
    name, extras = found[1], (found[2] or "").split(",") if found[2] else []
    declared = {}
    for path in (*ROOT.glob("libs/*/pyproject.toml"), *ROOT.glob("apps/**/pyproject.toml")):
        project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
        declared[project["name"]] = project.get("optional-dependencies", {})
    assert name in declared, f"{name} is none of {sorted(declared)}"
    assert set(extras) <= set(declared[name]), f"{name} has the extras {sorted(declared[name])}"


def _register(pyproject: Path, site: Path) -> None:
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(head, encoding="utf-8")
    lines = []
    for group, points in project.get("entry-points", {}).items():
        lines += [f"[{group}]", *(f"{name} = {target}" for name, target in points.items())]
    (info / "entry_points.txt").write_text("\n".join([*lines, ""]), encoding="utf-8")
