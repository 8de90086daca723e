"""Zones and daylight saving: which events count, checked by eye on a handful of them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from variants import features, predictions, run

CASE = """\
case: clocks
warehouse: duckdb:data
catalog: catalog.yaml
labels: {table: labels, entity: who, as_of: day, horizon: 1d, targets: {ordered: binary}}
features:
  - name: wall
    method: event_windows
    table: wall
    windows: [all]
    aggregates: [count, active_days]
  - name: zoned
    method: event_windows
    table: zoned
    windows: [all]
    aggregates: [count, active_days]
models: [{name: mean, kind: constant}]
baselines: []
validation: {scheme: grouped, folds: 2}
"""
PEOPLE = tuple("abcdefgh")


def written(
    folder: Path, zone: str, *, as_of: date, score_as_of: str, wall: list[str], zoned: list[str]
) -> Path:
    """Eight people of the same events: `wall` by the clock on the wall, `zoned` with an offset."""
    data = folder / "data"
    data.mkdir(parents=True)
    kinds = {"wall": pa.timestamp("us"), "zoned": pa.timestamp("us", tz="Asia/Tokyo")}
    catalog: dict[str, Any] = {"timezone": zone, "tables": {}}
    for name, texts in (("wall", wall), ("zoned", zoned)):
        times = pa.array(
            [datetime.fromisoformat(text) for text in texts] * len(PEOPLE), kinds[name]
        )
        who = [person for person in PEOPLE for _ in texts]
        pq.write_table(pa.table({"who": who, "at": times}), data / f"{name}.parquet")
        catalog["tables"][name] = {"kind": "events", "table": name, "entity": "who", "time": "at"}
    labels = {"who": PEOPLE, "day": pa.array([as_of] * 8), "ordered": [0, 1] * 4}
    pq.write_table(pa.table(labels), data / "labels.parquet")
    (folder / "catalog.yaml").write_text(yaml.safe_dump(catalog), encoding="utf-8")
    case = folder / "case.yaml"
    score = f"score: {{population: wall, shards: 1, as_of: '{score_as_of}'}}\n"
    case.write_text(CASE + score, encoding="utf-8")
    return case


def described(case: Path) -> dict[datetime, tuple[int, int, int, int]]:
    """The description that all share, by time: count and days of `wall`, then of `zoned`."""
    assert predictions(run(case))["entity_id"].to_pylist() == list(PEOPLE)
    rows = features(case)
    assert len(rows) == 2 * len(PEOPLE)
    found: dict[datetime, tuple[int, int, int, int]] = {}
    for row in rows:
        values = tuple(
            row[f"{name}.all.{what}"]
            for name in ("wall", "zoned")
            for what in ("count", "active_days")
        )
        assert found.setdefault(row["as_of"], values) == values
    return found


def test_summer_time_begins_in_berlin(tmp_path: Path) -> None:
    # On 31 March the clocks skip from 02:00 to 03:00, the moment 01:00 UTC.
    berlin = ZoneInfo("Europe/Berlin")
    case = written(
        tmp_path,
        berlin.key,
        as_of=date(2024, 3, 31),
        score_as_of="2024-03-31T03:30:00",
        wall=[
            "2024-03-30T23:59",  # before the labelled rows' midnight
            "2024-03-31T00:00",  # at it: counts
            "2024-03-31T00:01",  # after it
            "2024-03-31T02:30",  # no clock showed this: as long after the skip, 03:30
            "2024-03-31T03:00",  # the moment of the skip
            "2024-03-31T03:31",  # after the rows to score
        ],
        zoned=[
            "2024-03-30T23:00+00:00",  # midnight in Berlin
            "2024-03-30T23:00:00.000001+00:00",
            "2024-03-31T01:30+00:00",  # 03:30 in Berlin
            "2024-03-31T01:30:00.000001+00:00",
        ],
    )

    assert described(case) == {
        datetime(2024, 3, 31, tzinfo=berlin): (2, 2, 1, 1),
        datetime(2024, 3, 31, 3, 30, tzinfo=berlin): (5, 2, 3, 1),
    }


def test_summer_time_ends_in_new_york(tmp_path: Path) -> None:
    # On 3 November the clocks show 01:00 to 02:00 twice: from 05:00 and from 06:00 UTC on.
    new_york = ZoneInfo("America/New_York")
    case = written(
        tmp_path,
        new_york.key,
        as_of=date(2024, 11, 4),
        score_as_of="2024-11-03T01:30:00",  # means the first, 05:30 UTC
        wall=[
            "2024-11-02T23:59",
            "2024-11-03T00:59",  # 04:59 UTC
            "2024-11-03T01:30",  # means the second, 06:30 UTC: it is seen by nobody too early
            "2024-11-03T02:00",  # 07:00 UTC
        ],
        zoned=[
            "2024-11-03T01:30-04:00",  # the first
            "2024-11-03T01:30-05:00",  # the second
            "2024-11-04T00:00-05:00",  # the labelled rows' midnight, and a day of its own
        ],
    )

    assert described(case) == {
        datetime(2024, 11, 3, 5, 30, tzinfo=UTC): (2, 2, 1, 1),
        datetime(2024, 11, 4, tzinfo=new_york): (4, 2, 3, 2),
    }
