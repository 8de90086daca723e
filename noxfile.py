"""The checks of the workspace. `nox` runs all that need nothing but Python; `nox -l` lists them."""

import os
import shutil
import sys
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).parent / "tools"))

from workspace import (
    PACKAGES,
    PYTHONS,
    ROOT,
    editable,
    pinned,
    point_uv_where_pip_looks,
    pythons_beside_path,
    requirements,
    source_folders,
    with_siblings,
)

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
# A Python that this machine lacks is named in the summary; none is downloaded.
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False

# Where it is set, as in many containers, each of thousands of processes compiles all that it loads.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Threads that wait would turn in circles, on cores that the other tests' threads need.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
point_uv_where_pip_looks()
os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *pythons_beside_path()])

TEST_TOOLS = ("pytest", "pytest-timeout", "pytest-xdist", "hypothesis")
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
PEERS = ("autogluon", "featuretools")
# Tests of one module go to one process, which makes what they share once. Many of them wait.
PARALLEL = ("--numprocesses=4", "--dist=loadscope")
ON_EVERY_PYTHON = ("gokart-store", "mushroom")


@nox.session(tags=["quick"])
def lint(session: nox.Session) -> None:
    """Style and formatting."""
    install(session, "ruff")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session(tags=["quick"])
def types(session: nox.Session) -> None:
    """mypy --strict over the source of every package, of the tools and the benchmarks."""
    install(session, "mypy", "nox", "pandas-stubs", "types-PyYAML", *editable(*PACKAGES))
    tools = sorted(map(str, ROOT.glob("tools/*.py")))
    benches = [f"benchmarks/{name}" for name in ("run.py", "harness", "reference", "suite")]
    environment = {"MYPYPATH": "benchmarks"}
    session.run("mypy", *source_folders(), *tools, *benches, "noxfile.py", env=environment)


@nox.session(tags=["quick"])
def imports(session: nox.Session) -> None:
    """Who may import whom (.importlinter)."""
    install(session, "import-linter")
    session.run("lint-imports", env={"PYTHONPATH": ":".join(source_folders())})


@nox.session(tags=["quick"])
def versions(session: nox.Session) -> None:
    """Each task's VERSION tells the truth (versions.toml), and the tools' own tests."""
    install(session, *TEST_TOOLS, "hatchling")
    run_pytest(session, "tools/tests", env={"PYTHONPATH": "tools"})
    session.run("python", "tools/check_versions.py")


@nox.session(tags=["quick"])
def pins(session: nox.Session) -> None:
    """Everything that the workspace installs is pinned in constraints.txt."""
    install(session, "--requirements", str(ROOT / "tools/requirements.in"), *editable(*PACKAGES))
    python = f"--python={session.bin}/python"
    frozen = session.run("uv", "pip", "freeze", "--exclude-editable", python, silent=True)
    installed = {line.partition("==")[0] for line in str(frozen).splitlines() if "==" in line}
    # torch's CUDA build pins these itself; its CPU build has none of them.
    unpinned = {name for name in installed if not name.startswith(("cuda-", "nvidia-", "triton"))}
    if unpinned := unpinned - set(pinned()):
        session.error(f"constraints.txt does not pin {sorted(unpinned)}: run make constraints.")


@nox.session
@nox.parametrize("package", list(PACKAGES), ids=list(PACKAGES))
def tests(session: nox.Session, package: str) -> None:
    """Unit tests of one package, with nothing installed but what it declares."""
    test_package(session, package)


@nox.session(python=[version for version in PYTHONS if version != RUNNING])
@nox.parametrize("package", ON_EVERY_PYTHON, ids=ON_EVERY_PYTHON)
def pythons(session: nox.Session, package: str) -> None:
    """`tests` on the other Pythons, of the libraries that other teams install by themselves.

    But for those that take most of the time, and whose outcome does not depend on the Python: on
    the BigQuery emulator, and marked `one_python`, which are laws over many examples, large tables,
    measured memory, attacks in every place, and kills at every moment.
    """
    test_package(session, package, "-m", "not emulator and not one_python")


@nox.session
def doctest(session: nox.Session) -> None:
    """The examples in docstrings."""
    install(session, *TEST_TOOLS, *editable(*PACKAGES))
    run_pytest(session, "--doctest-modules", *source_folders())


@nox.session
def e2e(session: nox.Session) -> None:
    """Whole runs of the yule command, and every document, followed as a reader would."""
    install(session, *TEST_TOOLS, "markdown-it-py", *editable(*PACKAGES))
    install_bigquery_emulator(session)
    # Two, since each run has worker processes of its own.
    run_pytest(
        session, *PARALLEL, "--numprocesses=2", "tests", "--ignore=tests/system", *session.posargs
    )


@nox.session
def wheels(session: nox.Session) -> None:
    """The wheels hold what they should, fit each other, and run a case without the sources."""
    install(session, "uv")
    session.run("python", "tools/check_wheels.py", *session.posargs)


@nox.session(default=False)
def system(session: nox.Session) -> None:
    """The report in a real browser: `make test-system` installs what that needs."""
    if not shutil.which("chromium"):
        session.skip("there is no chromium here, and only root on Debian can install it")
    install(session, *TEST_TOOLS, "axe-playwright-python", *editable(*PACKAGES))
    run_pytest(session, "tests/system", *session.posargs)


@nox.session(default=False)
@nox.parametrize("package", list(PACKAGES), ids=list(PACKAGES))
def lowest(session: nox.Session, package: str) -> None:
    """Unit tests of one package with the lowest versions that it and its siblings declare."""
    tools = {name: pinned()[name] for name in TEST_TOOLS}
    if "torch" in requirements(*with_siblings(package)):
        # Whichever build of the pinned torch this machine offers is the lowest, too.
        install(session, "torch")
        version = "from importlib.metadata import version; print(version('torch'))"
        tools["torch"] = str(session.run("python", "-c", version, silent=True)).strip()
    session.install(
        "--resolution=lowest-direct",
        *(f"{name}=={version}" for name, version in tools.items()),
        *editable(*with_siblings(package)),
    )
    run_pytest(session, *PARALLEL, f"{PACKAGES[package]}/tests", *session.posargs)


@nox.session(default=False)
def bqemulator(session: nox.Session) -> None:
    """Install the BigQuery emulator that tests talk to, into .nox/bqemulator."""
    install_bigquery_emulator(session)


@nox.session(default=False)
@nox.parametrize("peer", PEERS, ids=PEERS)
def peers(session: nox.Session, peer: str) -> None:
    """Install what a benchmark is compared with, into .nox/NAME: apart from all that is ours."""
    install_apart(session, peer)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """One benchmark, `-- NAME`, or a list of them; only as good as the machine is quiet."""
    install(session, *editable(*PACKAGES))
    session.run("python", str(ROOT / "benchmarks/run.py"), *session.posargs)


def install(session: nox.Session, *arguments: str) -> None:
    """Install at the pinned versions; the workspace's own packages from their folders."""
    session.install("--constraints", str(ROOT / "constraints.txt"), *arguments)


def install_bigquery_emulator(session: nox.Session) -> None:
    """Give the BigQuery emulator an environment of its own; without one its tests say so."""
    install_apart(session, "bqemulator", may_fail=True)


def install_apart(session: nox.Session, name: str, *, may_fail: bool = False) -> None:
    """Install the pins of tools/NAME.txt into .nox/NAME, unless they are there."""
    pins, place = ROOT / f"tools/{name}.txt", ROOT / ".nox" / name
    stamp, text = place / ".installed", pins.read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == text:
        return
    session.run("uv", "venv", "--quiet", "--clear", str(place))
    python = f"--python={place}/bin/python"
    command = ("uv", "pip", "install", "--quiet", python, "--requirements", str(pins))
    session.run(*command, success_codes=range(256) if may_fail else None)
    if any(place.glob(f"lib/*/site-packages/{name}")):
        stamp.write_text(text, encoding="utf-8")


def test_package(session: nox.Session, package: str, *arguments: str) -> None:
    """Run one package's tests with nothing installed but what it and its siblings declare."""
    folder = ROOT / PACKAGES[package] / "tests"
    if not any(folder.rglob("test_*.py")):
        session.error(f"{PACKAGES[package]} has no tests: put them in {PACKAGES[package]}/tests.")
    install(session, *TEST_TOOLS, *editable(*with_siblings(package)))
    if package == "mushroom" and not arguments:
        install_bigquery_emulator(session)
    run_pytest(session, *PARALLEL, str(folder), *arguments, *session.posargs)


def run_pytest(session: nox.Session, *arguments: str, env: dict[str, str] | None = None) -> None:
    """Run pytest, and leave its results where the summary finds them."""
    results = f"--junitxml={ROOT}/.nox/results/{session.name}.xml"
    # Hypothesis' profile for CI: no deadlines, which a busy machine misses, and the same examples.
    # Short tracebacks, so that a log which is kept in part still has the error itself.
    options = (
        "-q",
        "--tb=short",
        "--timeout=300",
        "--durations=5",
        "--hypothesis-profile=ci",
        results,
    )
    session.run("pytest", *options, *arguments, env=env)
