"""Most of a year of a shop: some come every few weeks, others often, until they are gone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reactivation_list import Reactivation, Request, make_list

CATALOG = """\
timezone: UTC
tables:
  visits:
    kind: events
    table: visits
    entity: user
    time: at
    measures: {spent: spent}
"""
START = datetime(2023, 1, 1, tzinfo=UTC)
DAYS = 300
REQUEST = Request(lapsed_after_days=20, horizon_days=30, memory_days=200, model="linear")

Visits = list[tuple[str, datetime, int]]


def draw_visits() -> Visits:
    generator = np.random.default_rng(7)
    visits = []
    for user in range(150):
        is_steady = user % 3 == 0
        shortest, longest, ends = (
            (18, 34, DAYS) if is_steady else (2, 9, generator.uniform(5, DAYS))
        )
        day = generator.uniform(0, 30)
        while day < ends:
            at = START + timedelta(days=float(day))
            visits.append((f"u{user:03d}", at, int(generator.integers(1, 99))))
            day += generator.uniform(shortest, longest)
    return visits


def write_shop(folder: Path, visits: Visits) -> Path:
    (folder / "data").mkdir(parents=True)
    lines = [f"{user},{at:%Y-%m-%d %H:%M:%S.%f},{spent}" for user, at, spent in visits]
    (folder / "data/visits.csv").write_text("\n".join(["user,at,spent", *lines, ""]))
    (folder / "catalog.yaml").write_text(CATALOG)
    return folder


def make(shop: Path, **options: Any) -> Reactivation:
    place = {"warehouse": "duckdb:data", "store": str(shop / "store"), "root": shop}
    return make_list(shop / "catalog.yaml", **{"request": REQUEST, **place, **options})


@pytest.fixture(scope="session")
def visits() -> Visits:
    return draw_visits()


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, visits: Visits) -> Path:
    """A folder with catalog.yaml and data/visits.csv; its store is shared by the tests."""
    return write_shop(tmp_path_factory.mktemp("shop") / "shop", visits)


@pytest.fixture(scope="session")
def made(shop: Path) -> Reactivation:
    return make(shop)


@pytest.fixture
def remake() -> Callable[..., Reactivation]:
    """Makes the list of a shop's folder."""
    return make


@pytest.fixture
def shop_of() -> Callable[[Path, Visits], Path]:
    """Writes a shop with other visits."""
    return write_shop
