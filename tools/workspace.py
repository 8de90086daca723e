"""What the workspace holds: its packages, what they declare, what is pinned, which Pythons run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

__all__ = [
    "PACKAGES",
    "PYTHONS",
    "ROOT",
    "declared",
    "editable",
    "pinned",
    "point_uv_where_pip_looks",
    "pythons_beside_path",
    "requirements",
    "siblings",
    "source_folders",
    "with_siblings",
]

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "gokart-store": "libs/gokart-store",
    "mushroom": "libs/mushroom",
    "yule-models": "libs/yule-models",
    "yule-runner": "libs/yule-runner",
    "yule-cli": "apps/yule-cli",
    "kpi-digest": "apps/other-ml-products/kpi-digest",
    "reactivation-list": "apps/other-ml-products/reactivation-list",
}
PYTHONS = ("3.11", "3.12", "3.13")


def source_folders() -> list[str]:
    """Return every package's src folder; fail if a package is not listed, or listed but gone."""
    projects = (*ROOT.glob("libs/*/pyproject.toml"), *ROOT.glob("apps/**/pyproject.toml"))
    present = {str(path.parent.relative_to(ROOT)) for path in projects}
    if present != set(PACKAGES.values()):
        raise SystemExit(
            f"tools/workspace.py lists the packages {sorted(PACKAGES.values())}, but the tree "
            f"holds {sorted(present)}: correct PACKAGES."
        )
    return [str(ROOT / folder / "src") for folder in PACKAGES.values()]


def with_siblings(package: str) -> list[str]:
    """Return one package and all siblings that it declares, directly or not."""
    needed, waiting = [], [package]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.append(name)
            waiting += siblings(name)
    return needed


def siblings(package: str) -> list[str]:
    """Return the workspace packages among the declared dependencies of `package`."""
    return [name for name in PACKAGES if name in requirements(package)]


def requirements(*packages: str) -> set[str]:
    """Return the names of what the packages declare, for all their extras."""
    texts: list[str] = []
    for package in packages:
        project = declared(package)
        texts += project["dependencies"]
        for extra in project.get("optional-dependencies", {}).values():
            texts += extra
    return {_name(text) for text in texts}


def editable(*packages: str) -> list[str]:
    """Return the arguments that install packages from their folders, with all their extras."""
    arguments = []
    for package in packages:
        extras = ",".join(declared(package).get("optional-dependencies", {}))
        place = f"{ROOT / PACKAGES[package]}"
        arguments += ["--editable", f"{place}[{extras}]" if extras else place]
    return arguments


def declared(package: str) -> dict[str, Any]:
    """Return the [project] table of a package."""
    text = (ROOT / PACKAGES[package] / "pyproject.toml").read_text(encoding="utf-8")
    project: dict[str, Any] = tomllib.loads(text)["project"]
    return project


def pinned() -> dict[str, str]:
    """Return the version of everything in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {_name(line): line.partition("==")[2] for line in lines if not line.startswith("#")}


def point_uv_where_pip_looks() -> None:
    """Hand this machine's pip settings on to uv, which does not read them."""
    for pip_name, uv_name, separator in (
        ("PIP_FIND_LINKS", "UV_FIND_LINKS", ","),
        ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", " "),
        ("PIP_EXTRA_INDEX_URL", "UV_INDEX", " "),
        ("PIP_CERT", "SSL_CERT_FILE", " "),
    ):
        if os.environ.get(pip_name):
            os.environ.setdefault(uv_name, separator.join(os.environ[pip_name].split()))


def pythons_beside_path() -> list[str]:
    """Return the folders of interpreters that pyenv and uv keep, and PATH may not name."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    beside_nox = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    folders = [pyenv]
    if uv := shutil.which("uv", path=beside_nox):
        where = subprocess.run([uv, "python", "dir"], capture_output=True, text=True, check=True)
        folders.append(Path(where.stdout.strip()))
    return sorted(str(path.parent) for folder in folders for path in folder.glob("*/bin/python3"))


def _name(requirement: str) -> str:
    """Return the name in a requirement such as `yule-models[neural]>=0.1`."""
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower()
