from pathlib import Path

import pytest
from refusal import Shop
from sharing import made_once
from shop import run_yule, write_shop


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop that was run: there is a cache and there are outputs to be left alone."""

    def make(folder: Path) -> None:
        shop = Shop(write_shop(folder, is_tracked=True).parent)
        shop.edit("  - {name: large, kind: gbdt, params: {num_leaves: 8, rounds: 20}}\n", "")
        completed = run_yule("run", shop.case)
        assert completed.returncode == 0, completed.stderr

    return Shop(made_once(tmp_path_factory, "finished", make))


@pytest.fixture
def shop(finished: Shop, tmp_path: Path) -> Shop:
    """A copy of it, to spoil."""
    return finished.copy(tmp_path / "shop")
