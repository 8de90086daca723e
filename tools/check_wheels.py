"""Builds all wheels, looks into them, and uses them as strangers do: installed, without sources.

Everything happens in a temporary folder: a package that finds its siblings there finds the wheels,
and their declared bounds must allow each other. Prints one line for each thing that was proved.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from wheel_contents import problems
from workspace import PACKAGES, ROOT, point_uv_where_pip_looks, with_siblings

EXAMPLE = ROOT / "examples" / "online-retail"
HEAVY = {
    "torch",
    "lightgbm",
    "kubernetes",
    "mlflow",
    "scikit-learn",
    "tensorboard",
    "matplotlib",
    "typer",
}
# Other teams install these by themselves.
ALONE = ("gokart-store", "mushroom", "yule-runner")
# The example's own models, trained only long enough to be used.
SHORT = {
    "kind: gbdt": "kind: gbdt\n    params: {rounds: 20}",
    "kind: neural": "kind: neural\n    params: {epochs: 1}",
}


def main() -> int:
    """Run all checks; return the exit status."""
    point_uv_where_pip_looks()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve()
        wheels = build(folder / "wheels")
        found = [
            problem
            for package, wheel in wheels.items()
            for problem in problems(wheel, ROOT / PACKAGES[package], ROOT / "LICENSE")
        ]
        for package in ALONE:
            installed = install(folder / package, wheels, package)
            heavy = sorted(HEAVY & installed)
            found += [f"{package} alone brings {heavy}."] if heavy else []
            print(f"{package} alone brings {len(installed)} distributions, none of the giants")
        install(folder / "all", wheels, *PACKAGES)
        found += run_example(folder / "all", folder / "case")
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def build(folder: Path) -> dict[str, Path]:
    """Build each package's source archive, and its wheel out of that; return the wheels."""
    wheels = {}
    pins = ROOT / "constraints.txt"
    for package, project in PACKAGES.items():
        uv("build", "--build-constraints", pins, "--out-dir", folder / package, ROOT / project)
        (wheels[package],) = (folder / package).glob("*.whl")
        print(f"built {wheels[package].name}, {wheels[package].stat().st_size // 1024} KiB")
    return wheels


def install(environment: Path, wheels: dict[str, Path], *packages: str) -> set[str]:
    """Install packages and the siblings they declare into an empty environment.

    Returns:
        The names of all installed distributions.
    """
    needed = {sibling for package in packages for sibling in with_siblings(package)}
    python = environment / "bin" / "python"
    uv("venv", "--python", sys.executable, environment)
    uv(
        *("pip", "install", "--python", python, "--constraints", ROOT / "constraints.txt"),
        *(wheels[name] for name in sorted(needed)),
    )
    uv("pip", "check", "--python", python)
    listed = uv("pip", "list", "--python", python, "--format", "json")
    return {distribution["name"] for distribution in json.loads(listed)}


def run_example(environment: Path, folder: Path) -> list[str]:
    """Run a copy of the example, trained shortly; return what is wrong with the run."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".yule*"))
    case = folder / "case.yaml"
    text = case.read_text(encoding="utf-8")
    for whole, short in SHORT.items():
        if whole not in text:
            return [f"{EXAMPLE}/case.yaml has no `{whole}` to be shortened: correct SHORT."]
        text = text.replace(whole, short)
    case.write_text(text, encoding="utf-8")
    completed = subprocess.run(
        [environment / "bin" / "yule", "run", case, "--json"],
        cwd=environment.parent,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if completed.returncode:
        return [f"The example ended with exit status {completed.returncode}."]
    run = json.loads(completed.stdout)
    print(f"the example ran from wheels: {run['status']}, {run['rows_scored']} rows scored")
    return [] if run["status"] == "succeeded" and run["rows_scored"] else [f"The example: {run}"]


def uv(*arguments: str | Path) -> str:
    """Run uv, outside the workspace; return its stdout."""
    command = [Path(sys.executable).with_name("uv"), *arguments]
    # Nox points these at the session's own environment.
    environment = {name: value for name, value in os.environ.items() if name != "UV_PYTHON"}
    completed = subprocess.run(
        [*command, "--quiet"],
        cwd=tempfile.gettempdir(),
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if completed.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: exit status {completed.returncode}")
    return completed.stdout


if __name__ == "__main__":
    sys.exit(main())
