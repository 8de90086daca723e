"""A case whose `store` is a bucket. The tests build on each other's results, in order."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gokart_store import Store, open_store
from gokart_store.testing.gcs_emulator import gcs_emulator
from shop import run_yule
from started import start_run
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from variants import change, prediction_bytes, quick_shop

URL = "gs://cases/team a"
Yule = Callable[[Path], dict[str, Any]]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    """An emulator with one bucket, and a machine that has fetched nothing of it."""
    with gcs_emulator("cases") as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORAGE_EMULATOR_HOST", address)
        patch.setenv("GOKART_STORE_CACHE", str(tmp_path_factory.mktemp("machine")))
        yield patch


@pytest.fixture(scope="module")
def in_bucket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = quick_shop(tmp_path_factory.mktemp("bucket"), is_tracked=True)
    change(path, lambda fields: fields.update(store=URL))
    return path


@pytest.fixture(scope="module")
def store(environment: pytest.MonkeyPatch) -> Store:
    return open_store(URL)


@pytest.fixture(scope="module")
def first(in_bucket: Path, environment: pytest.MonkeyPatch, yule: Yule) -> dict[str, Any]:
    return yule(in_bucket)


def published(run: dict[str, Any]) -> dict[str, bytes]:
    """The bytes of a run's published predictions."""
    parent, _, run_id = run["paths"]["predictions"].rpartition("/")
    store = open_store(parent)
    names = [name for name in store.sizes(run_id) if name.endswith(".parquet")]
    return {name: store.read_bytes(f"{run_id}/{name}") or b"" for name in names}


def manifests(store: Store) -> int:
    """How many results are stored."""
    return sum(name.endswith("/manifest.json") for name in store.sizes("store/cache"))


def test_predictions_are_those_of_a_folder_to_the_byte(
    first: dict[str, Any], plain: dict[str, Any]
) -> None:
    assert plain["paths"]["shared"] is None
    assert len(prediction_bytes(plain)) == 2
    assert published(first) == prediction_bytes(plain)


def test_what_is_shared_lies_in_the_bucket(first: dict[str, Any], store: Store) -> None:
    run_id = first["run_id"]

    assert first["paths"]["predictions"] == f"{URL}/predictions/shop/{run_id}"
    assert first["paths"]["shared"] == f"{URL}/runs/{run_id}"
    assert set(store.sizes(f"runs/{run_id}")) == {"report.html", "resolved.json", "run.json"}
    assert json.loads(store.read_bytes(f"runs/{run_id}/run.json") or b"") == first
    latest = json.loads(store.read_bytes("predictions/shop/latest.json") or b"")
    assert latest["run_id"] == run_id
    rows = [
        pq.read_table(pa.BufferReader(store.read_bytes(f"predictions/shop/{run_id}/{name}") or b""))
        for name in latest["files"]
    ]
    assert pa.concat_tables(rows).num_rows == latest["rows"] == first["rows_scored"]


def test_nothing_is_stored_beside_the_case(first: dict[str, Any], in_bucket: Path) -> None:
    kept = {path.name for path in (in_bucket.parent / ".yule").iterdir()}

    assert kept <= {"runs", "mlartifacts", "mlflow.db", "mlflow.db.lock"}


def test_another_machine_reuses_everything(
    first: dict[str, Any],
    in_bucket: Path,
    environment: pytest.MonkeyPatch,
    tmp_path: Path,
    yule: Yule,
) -> None:
    with environment.context() as patch:
        patch.setenv("GOKART_STORE_CACHE", str(tmp_path / "another machine"))
        second = yule(in_bucket)

    assert second["tasks"] == {"computed": 0, "reused": first["tasks"]["computed"]}
    assert published(second) == published(first)
    for fold in range(2):
        curve = EventAccumulator(str(Path(second["tensorboard"]) / f"trees/fold-{fold}")).Reload()
        assert curve.Tags()["scalars"]


def test_a_killed_run_goes_on_from_the_bucket(
    first: dict[str, Any], tmp_path: Path, yule: Yule
) -> None:
    case = quick_shop(tmp_path / "shop")
    change(case, lambda fields: fields.update(store="gs://cases/killed"))
    store = open_store("gs://cases/killed")
    run = start_run(case, tmp_path / "said")

    run.wait_for(lambda: manifests(store) >= 3)
    os.killpg(run.process.pid, signal.SIGKILL)
    run.process.communicate(timeout=60)
    stored = manifests(store)
    second = yule(case)

    assert second["tasks"]["reused"] >= stored >= 3
    assert second["tasks"]["computed"] > 0
    assert published(second) == published(first)


@pytest.mark.parametrize(
    ("command", "url", "says"),
    [
        *(
            (command, "gs://no-such-bucket/x", "cannot be read: there is no bucket 'no-such-bucket")
            for command in ("validate", "run")
        ),
        ("run", "gs://Cases", "'gs://Cases' names no bucket: write gs://bucket/prefix"),
        ("run", "gs://", "'gs://' names no bucket"),
        ("run", "gs://cases/../x", "The prefix in 'gs://cases/../x' leads upwards"),
        (
            "run",
            "s3://cases/x",
            "is 's3://cases/x', but results are stored in folders and in gs:// only",
        ),
        ("run", "gs://me:hunter2@cases/x", "holds a user or a password"),
    ],
)
def test_what_is_no_store_is_refused_with_its_line(
    in_bucket: Path, environment: pytest.MonkeyPatch, command: str, url: str, says: str
) -> None:
    wrong = in_bucket.with_name("wrong.yaml")
    wrong.write_text(in_bucket.read_text().replace(f"store: {URL}", f"store: {url}"))
    line = wrong.read_text().splitlines().index(f"store: {url}") + 1

    completed = run_yule(command, wrong)

    assert completed.returncode == 2
    assert f"wrong.yaml:{line}: `store` " in completed.stderr
    assert says in completed.stderr
    assert "Traceback" not in completed.stderr
    assert "hunter2" not in completed.stderr
