from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kpi_digest import Digest, DigestError
from mushroom import CatalogError

Reader = Callable[..., Digest]
FIRST, LAST = date(2024, 5, 6), date(2024, 6, 2)
DAYS = st.dates(FIRST, LAST)


def test_the_figures_are_those_that_one_counts_by_hand(digest: Digest) -> None:
    found = {
        week.name: (week.active, week.new, week.kept, week.back, week.lapsed, week.events)
        for week in digest.weeks
    }

    assert found == {
        "2024-W19": (3, 3, 0, 0, 0, 3),
        "2024-W20": (2, 1, 1, 0, 2, 3),
        "2024-W21": (2, 1, 0, 1, 2, 2),
        "2024-W22": (0, 0, 0, 0, 2, 0),
    }
    assert [week.retention for week in digest.weeks] == [None, 1 / 3, 0.0, 0.0]
    assert [week.events_per_user for week in digest.weeks] == [1.0, 1.5, 1.0, None]


def test_a_later_start_changes_no_figure(read: Reader, digest: Digest) -> None:
    assert read(weeks=2).weeks == digest.weeks[-2:]


def test_what_was_asked_before_is_not_asked_again(shop: Path, read: Reader, digest: Digest) -> None:
    stored = {path: path.stat().st_mtime_ns for path in shop.glob("store/cache/**/*.parquet")}

    again = read(title="another")

    assert again.weeks == digest.weeks
    assert stored == {p: p.stat().st_mtime_ns for p in shop.glob("store/cache/**/*.parquet")}
    assert len(stored) == 3


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from("abcd"), DAYS), min_size=1, max_size=30))
def test_every_log_is_counted_as_sets_of_users_are(
    shop: Path, read: Reader, log: list[tuple[str, date]]
) -> None:
    log = [*log, ("z", LAST)]
    lines = [f"{user},{datetime.combine(day, datetime.min.time())}" for user, day in log]
    (shop / "data/visits.csv").write_text("\n".join(["user,at", *lines, ""]))
    catalog = shop / "catalog.yaml"
    catalog.write_text(catalog.read_text().replace("Europe/Berlin", "UTC"))
    users = defaultdict(set)
    for user, day in log:
        users[day - timedelta(days=day.weekday())].add(user)

    known: set[str] = set()
    for week in read().weeks:
        now, before = users[week.monday], users[week.monday - timedelta(days=7)]
        assert week.active == len(now)
        assert week.new == len(now - known)
        assert week.kept == len(now & before)
        assert week.back == len((now & known) - before)
        assert week.lapsed == len(before - now)
        known |= now


def test_the_only_events_need_no_name_and_others_are_named(read: Reader, digest: Digest) -> None:
    assert digest.table == "visits"
    with pytest.raises(DigestError, match=r"no events table 'visit': .* are visits"):
        read(table="visit")


def test_several_events_must_be_chosen_from(shop: Path, read: Reader) -> None:
    text = (shop / "catalog.yaml").read_text()
    again = text.partition("tables:\n")[2].replace("  visits:", "  again:")
    (shop / "catalog.yaml").write_text(text + again)

    with pytest.raises(DigestError, match=r"--table: Name an events table: .*again"):
        read()
    assert read(table="again").title == "Users of again"


def test_no_events_make_no_digest(shop: Path, read: Reader) -> None:
    (shop / "data/visits.csv").write_text("user,at\na,\n")

    with pytest.raises((DigestError, CatalogError), match=r"holds no events|time"):
        read()


def test_no_weeks_make_no_digest(read: Reader) -> None:
    with pytest.raises(DigestError, match="shows 1 week or more, got 0"):
        read(weeks=0)
