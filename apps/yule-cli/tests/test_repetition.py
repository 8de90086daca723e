"""An earlier run, read and prepared to be run again."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from yule_cli.config import load_case
from yule_cli.errors import CaseError
from yule_cli.machine import Machine
from yule_cli.preparation import prepare, prepare_repetition
from yule_cli.repetition import EarlierRun, code_differences
from yule_cli.resolution import ResolvedCase

LARGE = Machine(cpu=1, memory_gib=8)


@pytest.fixture
def run(case: Path) -> Path:
    """The folder of a run that published something; its case file is gone."""
    case.write_text(f"{case.read_text()}run: {{workers: 3, memory_gib: 5}}\n")
    prepared = prepare(*load_case(case), machine=LARGE)
    folder = prepared.state.new_run("shop").path
    prepared.resolved.write(folder / "resolved.json")
    (folder / "run.json").write_text(json.dumps({"predictions_digest": "d1"}))
    case.unlink()
    return folder


def test_a_run_is_prepared_as_it_was_resolved(run: Path) -> None:
    earlier = EarlierRun.read(run)
    again = prepare_repetition(earlier, machine=LARGE)

    assert (earlier.run_id, earlier.predictions_digest) == (run.name, "d1")
    assert again.resolved == earlier.resolved
    assert again.state.root == run.parents[1]
    assert (again.run.workers, again.machine.memory_gib) == (3, 5)
    assert again.command == ("yule", "repeat", str(run))
    assert again.repeats == earlier


def test_a_store_of_its_own_changes_places_alone(run: Path, tmp_path: Path) -> None:
    earlier = EarlierRun.read(run)
    again = prepare_repetition(earlier, store=tmp_path / "afresh", machine=LARGE)

    assert again.resolved.store == str(tmp_path / "afresh/store")
    assert again.place.database == tmp_path / "afresh/mlflow.db"
    assert again.resolved.digest == earlier.resolved.digest
    assert again.command[-2:] == ("--store", str(tmp_path / "afresh"))


def test_a_store_of_its_own_that_cannot_be_made_is_named(run: Path, tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")

    with pytest.raises(
        CaseError, match=r"The state folder .*circle cannot be made: Too many levels"
    ):
        prepare_repetition(EarlierRun.read(run), store=tmp_path / "circle", machine=LARGE)


def test_a_run_that_was_cut_short_can_be_repeated(run: Path) -> None:
    (run / "run.json").write_text('{"predictions_')

    assert EarlierRun.read(run).predictions_digest is None


def test_how_it_was_run_is_no_part_of_the_digest(run: Path) -> None:
    resolved = EarlierRun.read(run).resolved

    other = replace(resolved, setup={"run": {}, "tracking": {}})

    assert other.digest == resolved.digest


def test_what_is_no_run_is_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"There is no folder .*nowhere\. Name the folder of a run"):
        EarlierRun.read(tmp_path / "nowhere")
    with pytest.raises(CaseError, match=r"data/resolved\.json is not a resolved case"):
        EarlierRun.read(tmp_path / "data")
    old = json.loads((run / "resolved.json").read_text()) | {"schema": 2}
    (run / "resolved.json").write_text(json.dumps(old))
    with pytest.raises(CaseError, match=r"has the schema 2; this version reads 4\. Run its case"):
        EarlierRun.read(run)


def test_a_machine_that_is_too_small_is_refused(run: Path) -> None:
    with pytest.raises(CaseError, match=r"`run.memory_gib` of .* gives tasks 2 GiB of memory"):
        prepare_repetition(EarlierRun.read(run), machine=Machine(cpu=1, memory_gib=2))


def test_a_secret_that_is_gone_is_named(run: Path) -> None:
    path = run / "resolved.json"
    path.write_text(path.read_text().replace('"uri": null', '"uri": "https://${env:GONE}/"'))

    with pytest.raises(CaseError, match=r"The tracking URI of .* cannot be used: .*GONE"):
        prepare_repetition(EarlierRun.read(run), machine=LARGE)


def test_other_code_is_told_piece_by_piece(run: Path) -> None:
    resolved: ResolvedCase = EarlierRun.read(run).resolved
    assert list(code_differences(resolved)) == []

    packages = {**resolved.code["packages"], "lightgbm": "3.0"}
    other = replace(resolved, code={"commit": None, "packages": packages, "python": "3.1"})
    now = resolved.code

    assert list(code_differences(other)) == [
        f"commit unknown, now {now['commit'] or 'unknown'}",
        f"Python 3.1, now {now['python']}",
        f"lightgbm 3.0, now {now['packages']['lightgbm']}",
    ]


def test_a_run_on_a_cluster_says_what_its_repetition_needs(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = json.loads((run / "resolved.json").read_text())
    pool = {"name": "standard", "cpu": 4, "memory_gib": 8}
    image = "registry.example/yule@sha256:" + "a" * 64
    fields["setup"]["run"] = {"on": "kubernetes", "cluster": {"image": image, "pools": [pool]}}
    (run / "resolved.json").write_text(json.dumps(fields))
    earlier = EarlierRun.read(run)
    assert prepare_repetition(earlier, machine=LARGE).run.cluster is not None

    # As where the extra is not installed.
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(CaseError, match=r"ran on a cluster: .*pip install 'yule-cli\[kubernetes"):
        prepare_repetition(earlier, machine=LARGE)
