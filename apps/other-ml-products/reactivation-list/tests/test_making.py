from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.compute as pc
import pytest
from reactivation_list import Reactivation, Request, RequestError
from reactivation_list.lapsed_tasks import lapsed_tasks
from yule_models import YuleModelsError

Visits = list[tuple[str, datetime, int]]
Remake = Callable[..., Reactivation]


def silent_at(visits: Visits, moment: datetime, request: Request) -> set[str]:
    """Who had lapsed, counted by hand."""
    ends = moment - timedelta(days=request.lapsed_after_days)
    since = ends - timedelta(days=request.memory_days)
    remembered = {user for user, at, _ in visits if since < at <= ends}
    return remembered - {user for user, at, _ in visits if ends < at <= moment}


def test_the_list_holds_who_has_lapsed(made: Reactivation, visits: Visits) -> None:
    expected = silent_at(visits, made.as_of, made.request)

    assert len(expected) > 20
    assert set(made.customers["entity_id"].to_pylist()) == expected
    assert made.customers["rank"].to_pylist() == list(range(1, len(expected) + 1))
    chances = made.customers["return_chance"].to_pylist()
    # The steady and the others are so unlike that some chances are told as certain.
    assert all(0 <= chance <= 1 for chance in chances)
    assert len({*chances}) > 20


def test_days_have_24_hours_where_clocks_change(
    tmp_path: Path, visits: Visits, shop_of: Callable[[Path, Visits], Path], remake: Remake
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    later = [
        (who, (at + timedelta(days=60)).astimezone(berlin), spent) for who, at, spent in visits
    ]
    shop = shop_of(tmp_path / "shop", later)
    catalog = shop / "catalog.yaml"
    catalog.write_text(catalog.read_text().replace("UTC", "Europe/Berlin"))

    made = remake(shop)

    past = [moment.astimezone(UTC) for moment in made.past]
    assert len({moment.astimezone(berlin).utcoffset() for moment in past}) == 2
    assert {b - a for a, b in pairwise(past)} == {timedelta(days=made.request.horizon_days / 2)}
    lapsed = [silent_at(later, moment, made.request) for moment in past]
    assert made.past_rows == sum(map(len, lapsed))


def test_the_past_is_what_happened(made: Reactivation, visits: Visits) -> None:
    horizon = timedelta(days=made.request.horizon_days)
    rows = returned = 0
    for moment in made.past:
        lapsed = silent_at(visits, moment, made.request)
        rows += len(lapsed)
        returned += len(
            lapsed & {user for user, at, _ in visits if moment < at <= moment + horizon}
        )

    assert (made.past_rows, made.past_returned) == (rows, returned)


def test_facts_are_those_of_the_log(made: Reactivation, visits: Visits) -> None:
    first = made.customers.slice(0, 1).to_pylist()[0]
    times = sorted(at for user, at, _ in visits if user == first["entity_id"])
    silent = (made.as_of - times[-1]) / timedelta(days=1)

    assert first["active_days"] == len({time.date() for time in times})
    assert first["silent_days"] == pytest.approx(silent)
    assert first["history_days"] == pytest.approx(
        (made.as_of - times[0]) / timedelta(days=1) - made.request.lapsed_after_days
    )


def test_habits_are_learned_and_judged_beside_both_baselines(made: Reactivation) -> None:
    model, silence, constant = made.validation.models

    assert [m.name for m in made.validation.models] == [
        "linear",
        "silence alone (baseline)",
        "same for all (baseline)",
    ]
    assert made.validation.folds == 3
    assert model.mean["auc"] > silence.mean["auc"] > 0.5  # type: ignore[operator]
    assert constant.mean["auc"] == 0.5


def test_nothing_after_the_lists_time_changes_it(
    made: Reactivation, visits: Visits, remake: Remake, shop_of: Callable[..., Path], tmp_path: Path
) -> None:
    moment = made.as_of - timedelta(days=45)
    past = shop_of(tmp_path / "past", [visit for visit in visits if visit[1] <= moment])
    future = shop_of(
        tmp_path / "future",
        [*visits, *((user, made.as_of + timedelta(days=1), 5) for user, *_ in visits[:50])],
    )

    known_then = remake(past, as_of=moment.isoformat())
    known_later = remake(future, as_of=moment.isoformat())

    assert known_then.customers.equals(known_later.customers)
    assert known_then.validation == known_later.validation


def test_asked_again_nothing_is_computed(made: Reactivation, shop: Path, remake: Remake) -> None:
    again = remake(shop)

    assert made.computed == made.tasks == 25
    assert again.computed == 0
    assert again.customers.equals(made.customers)


def test_another_store_gives_the_same_list(
    made: Reactivation, shop: Path, remake: Remake, tmp_path: Path
) -> None:
    assert remake(shop, store=str(tmp_path)).customers.equals(made.customers)


def test_another_model_leaves_facts_alone(made: Reactivation, shop: Path, remake: Remake) -> None:
    request = Request(lapsed_after_days=20, horizon_days=30, memory_days=200, model="gbdt")

    other = remake(shop, request=request)

    assert other.computed == 6  # three fits, the ensemble, the scores, the list
    order = [("entity_id", "ascending")]
    facts = ["entity_id", "fall_days", "rank_by_fall", "silent_days", "reason"]
    ours, theirs = (made.customers.sort_by(order), other.customers.sort_by(order))
    assert ours.select(facts).equals(theirs.select(facts))
    assert not ours["return_chance"].equals(theirs["return_chance"])


def test_the_memory_ends(made: Reactivation, shop: Path, remake: Remake, visits: Visits) -> None:
    request = Request(lapsed_after_days=20, horizon_days=30, memory_days=15, model="linear")

    short = remake(shop, request=request)

    assert set(short.customers["entity_id"].to_pylist()) == silent_at(visits, made.as_of, request)
    assert pc.max(short.customers["silent_days"]).as_py() <= 35


def test_a_list_of_the_future_is_refused(shop: Path, remake: Remake) -> None:
    with pytest.raises(RequestError, match=r"--as-of 2024-06-01 lies after the data, which reach"):
        remake(shop, as_of="2024-06-01")


def test_an_unknown_model_is_refused_before_anything_is_read(
    tmp_path: Path, remake: Remake
) -> None:
    with pytest.raises(YuleModelsError, match="did you mean 'gbdt'"):
        remake(tmp_path, request=Request(model="gbtd"))


def test_where_nobody_ever_came_back_nothing_can_be_learned(
    remake: Remake, shop_of: Callable[..., Path], tmp_path: Path
) -> None:
    start = datetime(2023, 1, 1)
    once = [(f"u{n}", start + timedelta(days=n), 1) for n in range(200)]

    with pytest.raises(YuleModelsError, match="No period can be validated forward in time"):
        remake(shop_of(tmp_path / "shop", once))


def test_labels_come_from_mushrooms_methods(shop: Path, made: Reactivation) -> None:
    from mushroom import Source, load_catalog

    source = Source.of("duckdb:data", root=shop, catalog=load_catalog(shop / "catalog.yaml"))
    lapsed = lapsed_tasks(
        made.request,
        source,
        table="visits",
        as_of=made.as_of,
        past=made.past,
        store=str(shop / "store"),
    )

    assert [t.method for t in lapsed.past.upstream()] == ["label_stopped", "label_event"]
    assert all(task.complete() for task in lapsed.tasks)
