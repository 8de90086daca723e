"""What networks start from, as a case file says it."""

from pathlib import Path
from typing import Any

import pytest
from resolving import problem, resolved
from yule_cli.config import load_case
from yule_cli.graph import compose
from yule_cli.preparation import prepare
from yule_models import Target, keep_trunk, kept_trunk, make_estimator, trunk_of
from yule_models.errors import TransferError
from yule_models.testing import described_rows

SHAPE = {"width": 5, "depth": 1, "embedding": 2, "bins": 3}


def trunk(folder: Path, **origin: Any) -> Path:
    """Write the trunk of a network of this shape."""
    rows = described_rows(60, seed=0)
    params = {**SHAPE, "epochs": 1}
    model = make_estimator(
        "neural", targets=[Target(name="bought")], seed=0, threads=1, params=params
    )
    model.fit(rows.features, rows.labels)
    (folder / "model").mkdir()
    model.save(folder / "model")
    path = folder / "trunk.safetensors"
    trunk_of(folder / "model", {"case": "earlier", "targets": ["bought"], **origin}).write(path)
    return path


def start(case: Path, entry: str) -> None:
    case.write_text(f"{case.read_text()}models:\n  - {{name: net, {entry}}}\n")


def test_the_case_names_the_trunk_by_its_hash_and_takes_its_shape(case: Path) -> None:
    path = trunk(case.parent)
    start(case, "kind: neural, start_from: trunk.safetensors, params: {dropout: 0.1}")

    found = resolved(case)
    [net] = [model for model in found.models if model["name"] == "net"]

    assert {name: net["params"][name] for name in (*SHAPE, "dropout")} == {**SHAPE, "dropout": 0.1}
    assert net["start"]["origin"]["targets"] == ["bought"]
    fit = compose(found).fits["net", 0]
    assert fit.model.value["start"] == net["start"]["sha256"]
    case_file, document = load_case(case)
    assert prepare(case_file, document).trunks == (path.read_bytes(),)


def test_another_trunk_is_another_fit(case: Path) -> None:
    path = trunk(case.parent)
    start(case, "kind: neural, start_from: trunk.safetensors")
    before = compose(resolved(case)).fits["net", 0].make_unique_id()
    (case.parent / "model").rename(case.parent / "old")
    trunk(case.parent, rows=1)
    assert compose(resolved(case)).fits["net", 0].make_unique_id() != before
    path.rename(case.parent / "moved.safetensors")
    case.write_text(case.read_text().replace("trunk.safetensors", "moved.safetensors"))
    assert compose(resolved(case)).fits["net", 0].make_unique_id() != before


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("kind: neural, start_from: none", "`models[0].start_from` cannot be used: "),
        ("kind: gbdt, start_from: trunk.safetensors", "'gbdt' starts from no trunk; networks do"),
        ("kind: tabm, start_from: trunk.safetensors", "is of the kind 'neural', and the model"),
        (
            "kind: neural, start_from: trunk.safetensors, params: {width: 6}",
            "`models[0].params.width` is 6, and the trunk that it starts from has 5; leave it out.",
        ),
    ],
)
def test_a_trunk_that_does_not_fit_is_refused(case: Path, entry: str, message: str) -> None:
    trunk(case.parent)
    start(case, entry)
    assert message in problem(case)


def test_a_trunk_that_knows_the_future_is_refused(case: Path) -> None:
    trunk(case.parent, learned_until="2999-01-01T00:00:00+00:00")
    start(case, "kind: neural, start_from: trunk.safetensors")
    case.write_text(case.read_text() + "validation: {scheme: forward}\n")
    found = problem(case)
    assert "`models[0].start_from` has learned from outcomes until 2999-01-01T00:00" in found
    assert "scores would know the future" in found


def test_a_store_keeps_a_trunk_and_tells_when_it_is_gone_or_damaged(tmp_path: Path) -> None:
    sha256 = keep_trunk(str(tmp_path), b"content")
    with kept_trunk(str(tmp_path), sha256) as path:
        assert path.read_bytes() == b"content"
    [kept] = (tmp_path / "trunks").iterdir()
    kept.write_bytes(b"other")
    with pytest.raises(TransferError, match="has changed in"), kept_trunk(str(tmp_path), sha256):
        pass
    kept.unlink()
    with (
        pytest.raises(TransferError, match=r"is not in .*: run the"),
        kept_trunk(str(tmp_path), sha256),
    ):
        pass
