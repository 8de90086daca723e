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
from collections.abc import Mapping
from pathlib import Path

from wheel_contents import problems
from wheel_trials import EXAMPLE, alone, interpreters, mushroom_problems, try_products
from workspace import PACKAGES, ROOT, point_uv_where_pip_looks, with_siblings

MODELS = {"torch", "lightgbm", "scikit-learn", "tensorboard", "yule-models"}
CLUSTER = {"kubernetes", "mlflow", "yule-runner", "yule-cli"}
HEAVY = MODELS | CLUSTER | {"matplotlib", "typer"}
# Other teams install these by themselves, and must not be given so much.
ALONE = {
    "gokart-store": HEAVY,
    "mushroom": HEAVY,
    "yule-runner": HEAVY - {"yule-runner"},
    "kpi-digest": MODELS | CLUSTER,
    "reactivation-list": CLUSTER | {"torch", "matplotlib"},
}
# What an extra of mushroom is for; it brings none of the giants either.
EXTRAS = {"bigquery": "google-cloud-bigquery", "gcs": "google-cloud-storage", "cli": "typer"}
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
        for package, unwanted in ALONE.items():
            installed = install(folder / package, wheels, package)
            heavy = sorted(unwanted & installed)
            found += [f"{package} alone brings {heavy}."] if heavy else []
            print(f"{package} alone brings {len(installed)} distributions, {heavy or 'no giants'}")
        found += check_extras(folder / "extras", wheels)
        found += [
            problem
            for version, python in interpreters().items()
            for problem in try_mushroom(folder / f"python{version}", wheels, python)
        ]
        found += try_products(folder)
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


def check_extras(folder: Path, wheels: dict[str, Path]) -> list[str]:
    """Install mushroom with each of its extras; return what is wrong with what that brings."""
    found = []
    for extra, wanted in EXTRAS.items():
        installed = install(folder / extra, wheels, "mushroom", extras={"mushroom": extra})
        if wanted not in installed:
            found.append(f"mushroom[{extra}] does not bring {wanted}.")
        if heavy := sorted((HEAVY - {wanted}) & installed):
            found.append(f"mushroom[{extra}] brings {heavy}.")
        print(f"mushroom[{extra}] brings {wanted}, and {len(installed)} distributions in all")
    return found


def install(
    environment: Path,
    wheels: dict[str, Path],
    *packages: str,
    extras: Mapping[str, str] | None = None,
    python: str = sys.executable,
) -> set[str]:
    """Install packages and the siblings they declare into an empty environment.

    Args:
        environment: The folder to make.
        wheels: The wheel of every package.
        packages: What to install.
        extras: One extra of some of them, by name.
        python: The interpreter.

    Returns:
        The names of all installed distributions.
    """
    needed = {sibling for package in packages for sibling in with_siblings(package)}
    installed = environment / "bin" / "python"
    uv("venv", "--python", python, environment)
    chosen = {name: f"[{extra}]" for name, extra in (extras or {}).items()}
    uv(
        *("pip", "install", "--python", installed, "--constraints", ROOT / "constraints.txt"),
        *(f"{wheels[name]}{chosen.get(name, '')}" for name in sorted(needed)),
    )
    uv("pip", "check", "--python", installed)
    listed = uv("pip", "list", "--python", installed, "--format", "json")
    return {distribution["name"] for distribution in json.loads(listed)}


def try_mushroom(environment: Path, wheels: dict[str, Path], python: str) -> list[str]:
    """Install mushroom alone for one Python and ask it something; return what is wrong."""
    install(environment, wheels, "mushroom", python=python)
    return mushroom_problems(environment)


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
    printed, code = alone([environment / "bin" / "yule", "run", case, "--json"], environment.parent)
    if code:
        return [f"The example ended with exit status {code}."]
    run = json.loads(printed)
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
