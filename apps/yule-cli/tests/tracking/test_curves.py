from pathlib import Path

from yule_cli.tracking import link_curves


def test_links_lead_to_the_curves_of_each_fold(tmp_path: Path) -> None:
    curves = {("gbdt", fold): tmp_path / f"store/side/{fold}" for fold in (0, 1)}
    for folder in curves.values():
        folder.mkdir(parents=True)
        (folder / "events").write_text(folder.name)

    folder = link_curves(curves, tmp_path / "runs/one/tensorboard")

    assert (folder / "gbdt/fold-1/events").read_text() == "1"
    assert (folder / "gbdt/fold-1").readlink() == Path("../../../../store/side/1")


def test_curves_may_come_later_and_links_may_be_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "tensorboard"
    link_curves({("gbdt", 0): tmp_path / "old"}, folder)
    link_curves({("gbdt", 0): tmp_path / "new"}, folder)

    (tmp_path / "new").mkdir()
    (tmp_path / "new/events").write_text("later")

    assert (folder / "gbdt/fold-0/events").read_text() == "later"
    assert [path.name for path in (folder / "gbdt").iterdir()] == ["fold-0"]


def test_the_state_folder_can_be_moved(tmp_path: Path) -> None:
    state = tmp_path / "state"
    curves = state / "side/0"
    curves.mkdir(parents=True)
    link_curves({("gbdt", 0): curves}, state / "tensorboard")

    moved = state.rename(tmp_path / "moved")

    assert (moved / "tensorboard/gbdt/fold-0").is_dir()
