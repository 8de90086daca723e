"""A small log, whose every figure can be checked by eye."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kpi_digest import Digest, read_digest

CATALOG = """\
timezone: Europe/Berlin
tables:
  visits:
    kind: events
    table: visits
    entity: user
    time: at
"""

# The weeks begin on 6, 13 and 20 May and 3 June 2024; nobody came in that of 27 May.
VISITS = """\
user,at
a,2024-05-06 08:00:00
b,2024-05-07 08:00:00
c,2024-05-12 21:59:59
a,2024-05-13 08:00:00
a,2024-05-14 08:00:00
d,2024-05-19 21:00:00
b,2024-05-20 08:00:00
e,2024-05-21 08:00:00
d,2024-06-03 08:00:00
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with catalog.yaml and data/visits.csv; the data reach to Monday, 3 June."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/visits.csv").write_text(VISITS)
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    return tmp_path


@pytest.fixture
def read(shop: Path) -> Callable[..., Digest]:
    """Reads a digest of the shop, kept in its folder `store`."""

    def reader(**options: Any) -> Digest:
        place = {"warehouse": "duckdb:data", "store": str(shop / "store"), "root": shop}
        return read_digest(shop / "catalog.yaml", **place, **options)

    return reader


@pytest.fixture
def digest(read: Callable[..., Digest]) -> Digest:
    return read()
