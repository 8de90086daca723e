"""Runs at the same time: of one case, and of another one that shares its features."""

from pathlib import Path

from shop import write_shop
from started import published, start_run, stored, tracked


def test_runs_at_the_same_time_do_shared_work_once(tmp_path: Path) -> None:
    case = write_shop(tmp_path / "shop", is_tracked=True)
    other = case.with_name("other.yaml")
    other.write_text(
        case.read_text().replace("case: shop", "case: other").replace("leaves: 8", "leaves: 6")
    )

    runs = [
        start_run(path, tmp_path / f"stderr-{number}")
        for number, path in enumerate([case, case, other])
    ]
    first, second, third = (run.printed() for run in runs)

    state = case.parent / ".yule"
    every = (first, second, third)
    assert sum(run["tasks"]["computed"] for run in every) == len(stored(state))
    needed = {run["tasks"]["computed"] + run["tasks"]["reused"] for run in every}
    assert needed == {first["tasks"]["computed"] + first["tasks"]["reused"]}
    assert published(Path(first["paths"]["predictions"])) == published(
        Path(second["paths"]["predictions"])
    )
    assert tracked(state / "mlflow.db") == {run["mlflow"]["run_id"]: "FINISHED" for run in every}
    assert not list((state / "store" / "claims").iterdir())
    assert any("Waiting for another run to finish" in run.said.read_text() for run in runs)
