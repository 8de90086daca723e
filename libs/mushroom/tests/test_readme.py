import doctest
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

README = Path(__file__).parents[1] / "README.md"


def test_the_example_gives_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = README.read_text(encoding="utf-8")
    (tmp_path / "catalog.yaml").write_text(text.split("```yaml\n")[1].split("```")[0])
    (tmp_path / "shop").mkdir()
    orders = {
        "customer": [1, 1, 2],
        "ordered_at": [datetime(2024, 1, 1, 10), datetime(2024, 1, 20), datetime(2024, 1, 2, 23)],
        "price": [1.25, 2.0, 3.0],
        "item": ["tea", "milk", "tea"],
    }
    pq.write_table(pa.table(orders), tmp_path / "shop" / "orders.parquet")
    monkeypatch.chdir(tmp_path)
    options = doctest.NORMALIZE_WHITESPACE
    found = doctest.testfile(str(README), module_relative=False, optionflags=options)
    assert found.attempted > 0
    assert found.failed == 0
