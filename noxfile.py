"""The checks of the workspace. `nox` runs all but bench; `nox -l` lists them."""

import os
import tomllib
from pathlib import Path
from typing import Any

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = True
nox.options.reuse_venv = "yes"

ROOT = Path(__file__).parent
PACKAGES = {
    "gokart-store": "libs/gokart-store",
    "mushroom": "libs/mushroom",
    "yule-models": "libs/yule-models",
    "yule-runner": "libs/yule-runner",
    "yule-cli": "apps/yule-cli",
}
# uv does not read pip's settings: hand on where this machine finds its packages.
for pip_name, uv_name, separator in (
    ("PIP_FIND_LINKS", "UV_FIND_LINKS", ","),
    ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", " "),
    ("PIP_EXTRA_INDEX_URL", "UV_INDEX", " "),
    ("PIP_CERT", "SSL_CERT_FILE", " "),
):
    if os.environ.get(pip_name):
        os.environ.setdefault(uv_name, separator.join(os.environ[pip_name].split()))

TEST_TOOLS = ("pytest", "pytest-timeout", "pytest-xdist", "hypothesis")
PYTEST = ("pytest", "-q", "--timeout=300", "--durations=5")


@nox.session(tags=["quick"])
def lint(session: nox.Session) -> None:
    """Style and formatting."""
    install(session, "ruff")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session(tags=["quick"])
def types(session: nox.Session) -> None:
    """mypy --strict over the source of every package and of the tools."""
    install(session, "mypy", "nox", "pandas-stubs", "types-PyYAML", *workspace())
    tools = sorted(map(str, ROOT.glob("tools/*.py")))
    session.run("mypy", *source_folders(), *tools, "noxfile.py")


@nox.session(tags=["quick"])
def imports(session: nox.Session) -> None:
    """Who may import whom (.importlinter)."""
    install(session, "import-linter")
    session.run("lint-imports", env={"PYTHONPATH": ":".join(source_folders())})


@nox.session(tags=["quick"])
def versions(session: nox.Session) -> None:
    """Each task's VERSION tells the truth (versions.toml), and the check's own tests."""
    install(session, *TEST_TOOLS)
    session.run(*PYTEST, "tools/tests", env={"PYTHONPATH": "tools"})
    session.run("python", "tools/check_versions.py")


@nox.session(tags=["quick"])
def pins(session: nox.Session) -> None:
    """Everything that the workspace installs is pinned in constraints.txt."""
    install(session, "--requirements", str(ROOT / "tools/requirements.in"), *workspace())
    python = f"--python={session.bin}/python"
    frozen = session.run("uv", "pip", "freeze", "--exclude-editable", python, silent=True)
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    unpinned = {name_of(line) for line in str(frozen).splitlines() if "==" in line}
    unpinned -= {name_of(line) for line in constraints}
    # torch's CUDA build pins these itself; its CPU build has none of them.
    unpinned = {name for name in unpinned if not name.startswith(("cuda-", "nvidia-", "triton"))}
    if unpinned:
        session.error(f"constraints.txt does not pin {sorted(unpinned)}: run make constraints.")


@nox.session
@nox.parametrize("package", list(PACKAGES), ids=list(PACKAGES))
def tests(session: nox.Session, package: str) -> None:
    """Unit tests of one package, with nothing installed but what it declares."""
    folder = ROOT / PACKAGES[package] / "tests"
    if not any(folder.rglob("test_*.py")):
        session.error(f"{PACKAGES[package]} has no tests: put them in {PACKAGES[package]}/tests.")
    install(session, *TEST_TOOLS, *with_siblings(package))
    session.run(*PYTEST, "--numprocesses=4", str(folder), *session.posargs)


@nox.session
def doctest(session: nox.Session) -> None:
    """The examples in docstrings."""
    install(session, *TEST_TOOLS, *workspace())
    session.run(*PYTEST, "--doctest-modules", *source_folders())


@nox.session
def e2e(session: nox.Session) -> None:
    """Whole runs of the yule command, and every document, followed as a reader would."""
    install(session, *TEST_TOOLS, "markdown-it-py", *workspace())
    session.run(*PYTEST, "--numprocesses=2", "tests", *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """One benchmark, `-- NAME`, or a list of them; only as good as the machine is quiet."""
    install(session, *workspace())
    session.run("python", str(ROOT / "benchmarks/run.py"), *session.posargs)


def install(session: nox.Session, *arguments: str) -> None:
    """Install at the pinned versions; the workspace's own packages from their folders."""
    session.install("--constraints", str(ROOT / "constraints.txt"), *arguments)


def source_folders() -> list[str]:
    """Return every package's src folder; fail if a package is not listed, or listed but gone."""
    projects = (*ROOT.glob("libs/*/pyproject.toml"), *ROOT.glob("apps/**/pyproject.toml"))
    present = {str(path.parent.relative_to(ROOT)) for path in projects}
    if present != set(PACKAGES.values()):
        raise SystemExit(
            f"noxfile.py lists the packages {sorted(PACKAGES.values())}, but the tree holds "
            f"{sorted(present)}: correct PACKAGES."
        )
    return [str(ROOT / folder / "src") for folder in PACKAGES.values()]


def workspace() -> list[str]:
    """Return the arguments that install all packages, with all their extras."""
    return [argument for package in PACKAGES for argument in editable(package)]


def with_siblings(package: str) -> list[str]:
    """Return the arguments that install one package and the siblings that it declares."""
    needed, waiting = [], [package]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.append(name)
            waiting += siblings(name)
    return [argument for name in needed for argument in editable(name)]


def siblings(package: str) -> list[str]:
    """Return the workspace packages among the declared dependencies of `package`."""
    project = declared(package)
    requirements = list(project["dependencies"])
    for extra in project.get("optional-dependencies", {}).values():
        requirements += extra
    return [name for name in PACKAGES if any(is_for(text, name) for text in requirements)]


def editable(package: str) -> tuple[str, str]:
    """Return the arguments that install one package from its folder, with all its extras."""
    extras = ",".join(declared(package).get("optional-dependencies", {}))
    return "--editable", f"{ROOT / PACKAGES[package]}" + (f"[{extras}]" if extras else "")


def declared(package: str) -> dict[str, Any]:
    """Return the [project] table of a package."""
    text = (ROOT / PACKAGES[package] / "pyproject.toml").read_text(encoding="utf-8")
    project: dict[str, Any] = tomllib.loads(text)["project"]
    return project


def name_of(pin: str) -> str:
    """Return the name in a line such as `numpy==2.4.6`."""
    return pin.partition("==")[0].strip()


def is_for(requirement: str, name: str) -> bool:
    """Whether a requirement such as `yule-models[neural]>=0.1` names this package."""
    return requirement.startswith(name) and not requirement[len(name) :][:1].isalnum()
