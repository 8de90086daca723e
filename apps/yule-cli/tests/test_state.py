from pathlib import Path

import pytest
from gokart_store.testing.gcs_emulator import gcs_emulator
from yule_cli.config import load_case
from yule_cli.errors import CaseError
from yule_cli.state import State


def test_state_lies_beside_the_case_file(case: Path) -> None:
    loaded, document = load_case(case)

    assert State.of(loaded, document).root == case.parent / ".yule"


def test_store_names_another_folder_relative_to_the_case_file(case: Path) -> None:
    case.write_text(case.read_text() + "store: ../elsewhere\n")
    loaded, document = load_case(case)

    assert State.of(loaded, document).root == case.parent.parent / "elsewhere"


def test_a_file_in_the_way_is_named(case: Path) -> None:
    (case.parent / ".yule").write_text("")
    loaded, document = load_case(case)

    with pytest.raises(CaseError, match=r"The state folder .*\.yule cannot be made: Not a direct"):
        State.of(loaded, document)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc")
@pytest.mark.parametrize("place", ["/proc", "/proc/no-such-process", "/proc/self/fdinfo", "circle"])
def test_a_place_where_no_folder_can_be_made_is_named(case: Path, place: str) -> None:
    (case.parent / "circle").symlink_to("circle")
    case.write_text(f"{case.read_text()}store: {place}\n")
    loaded, document = load_case(case)

    with pytest.raises(
        CaseError, match=r"case.yaml:11: `store` The state folder .* be made: .*Name"
    ):
        State.of(loaded, document)


def test_runs_never_share_a_folder(case: Path) -> None:
    loaded, document = load_case(case)
    state = State.of(loaded, document)

    runs = [state.new_run("shop") for _ in range(20)]

    assert len({run.path for run in runs}) == 20
    assert all(run.path.is_dir() and run.run_id.startswith("shop-") for run in runs)


def test_a_bucket_must_be_there(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case.write_text(case.read_text() + "store: gs://no-such-bucket/state\n")
    loaded, document = load_case(case)

    with gcs_emulator("cases") as address:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
        with pytest.raises(CaseError, match=r"^case.yaml:11: `store` cannot be used: .* no bucket"):
            State.of(loaded, document)


def test_results_go_to_the_bucket_and_the_rest_stays_here(
    case: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    case.write_text(case.read_text() + "store: gs://cases/team/\n")
    loaded, document = load_case(case)

    with gcs_emulator("cases") as address:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
        monkeypatch.setenv("GOKART_STORE_CACHE", str(tmp_path / "cache"))
        state = State.of(loaded, document)

    assert state.root == case.parent / ".yule"
    assert (state.bucket, state.store) == ("gs://cases/team", "gs://cases/team/store")
    assert state.warehouse_cache.is_relative_to(tmp_path / "cache")


def test_another_url_is_no_store(case: Path) -> None:
    case.write_text(case.read_text() + "store: s3://bucket/state\n")
    loaded, document = load_case(case)

    with pytest.raises(CaseError, match=r"^case.yaml:11: `store` is 's3://bucket/state', but resu"):
        State.of(loaded, document)
