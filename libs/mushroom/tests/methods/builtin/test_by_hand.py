"""Methods over logs against what they promise, written in plain Python.

Events lie on half hours around a night in which clocks change, so that many are of one moment, and
some at the very beginning and end of every span that is asked for.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

ZONE = ZoneInfo("Europe/Berlin")
ACTIONS = ("view", "cart", "buy")


class Event(NamedTuple):
    who: int
    at: datetime
    item: str | None
    action: str | None
    amount: Decimal | None


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def made(count: int) -> list[Event]:
    drawn, start = random.Random(11), local("2024-03-28")
    return [
        Event(
            who=min(int(drawn.expovariate(0.15)), 30),
            at=start + timedelta(minutes=30) * drawn.randrange(288),
            item=drawn.choice([*"abcdefghi", None]),
            action=drawn.choice([*ACTIONS, None]),
            amount=drawn.choice([None, Decimal(drawn.randrange(-500, 5000)) / 100]),
        )
        for _ in range(count)
    ]


LOG = made(1000)
SINCE, UNTIL = local("2024-03-29"), local("2024-04-02")
TIME = {"since": "2024-03-29", "until": "2024-04-02"}
WITHIN = [event for event in LOG if SINCE <= event.at < UNTIL]
NAMED = [event for event in WITHIN if event.item is not None]


def rows(events: Iterable[Event]) -> list[tuple[Any, ...]]:
    clocks = (e.at.astimezone(ZONE).replace(tzinfo=None).isoformat(" ") for e in LOG)
    at = dict(zip((e.at for e in LOG), clocks, strict=True))
    body = [
        (e.who, at[e.at], e.item, e.action, None if e.amount is None else float(e.amount))
        for e in events
    ]
    return [("who", "at", "item", "action", "amount"), *body]


def shown(at: datetime) -> str:
    clock = at.astimezone(ZONE)
    return f"{clock:%Y-%m-%d %H:%M%z}"[:-2]


def span(events: Iterable[Event]) -> tuple[str, str]:
    times = [event.at for event in events]
    return shown(min(times)), shown(max(times))


def groups(events: Iterable[Event], key: Callable[[Event], Hashable]) -> dict[Any, list[Event]]:
    found = defaultdict(list)
    for event in events:
        found[key(event)].append(event)
    return dict(sorted(found.items()))


def entities(events: Iterable[Event]) -> int:
    return len({event.who for event in events})


def day_of(event: Event) -> date:
    return event.at.astimezone(ZONE).date()


BEGINNINGS: dict[str, Callable[[Event], date]] = {
    "day": day_of,
    "week": lambda event: day_of(event) - timedelta(day_of(event).weekday()),
    "month": lambda event: day_of(event).replace(day=1),
}


def test_every_span_has_events_at_its_beginning_and_its_end() -> None:
    assert {SINCE, UNTIL} <= {event.at for event in LOG}
    assert len(LOG) > len({(event.who, event.at) for event in LOG})


@pytest.mark.parametrize("period", BEGINNINGS)
def test_active_users(ask: Any, period: str) -> None:
    assert ask("active_users", {"events": rows(LOG)}, period=period, **TIME) == [
        (day.isoformat(), entities(events), len(events))
        for day, events in groups(WITHIN, BEGINNINGS[period]).items()
    ]


def test_daily_activity(ask: Any) -> None:
    assert ask("daily_activity", {"events": rows(LOG)}, **TIME) == [
        (day.isoformat(), len(events), entities(events))
        for day, events in groups(WITHIN, day_of).items()
    ]


@pytest.mark.parametrize("place", [0, 9])
def test_entity_activity(ask: Any, place: int) -> None:
    known = groups((event for event in LOG if event.at < UNTIL), lambda event: event.who)
    least = sorted(map(len, known.values()))[place]
    asked = {"until": TIME["until"], "min_events": least}
    assert ask("entity_activity", {"events": rows(LOG)}, **asked) == [
        (who, len(events), *span(events)) for who, events in known.items() if len(events) >= least
    ]


def test_article_views(ask: Any) -> None:
    found = [(i, len(e), entities(e), *span(e)) for i, e in groups(NAMED, lambda e: e.item).items()]
    assert ask("article_views", {"views": rows(LOG)}, **TIME) == sorted(
        found, key=lambda row: (-row[1], row[0])
    )


def test_entity_items(ask: Any) -> None:
    assert ask("entity_items", {"events": rows(LOG)}, **TIME) == [
        (*key, len(events), *span(events))
        for key, events in groups(NAMED, lambda event: (event.who, event.item)).items()
    ]


def test_clicks(ask: Any) -> None:
    of_item = groups(NAMED, lambda event: event.item)
    wanted = []
    for item, events in of_item.items():
        shows = [event for event in events if event.action == "view"]
        clicks = [event for event in events if event.action == "buy"]
        rate = pytest.approx(len(clicks) / len(shows))
        wanted.append((item, len(shows), len(clicks), entities(clicks), rate))
    logs = {
        name: rows(event for event in LOG if event.action == action)
        for name, action in (("impressions", "view"), ("clicks", "buy"))
    }
    found = ask("clicks", logs, **TIME)
    assert found == sorted(wanted, key=lambda row: (-row[2], row[0]))
    assert len({row[2] for row in found}) < len(found)  # some are clicked as often


def test_co_viewed_items(ask: Any) -> None:
    had = {w: {e.item for e in events} for w, events in groups(NAMED, lambda e: e.who).items()}
    assert {7, 8} <= set(map(len, had.values()))
    kept = [sorted(items) for items in had.values() if len(items) <= 7]
    of_item = Counter(item for items in kept for item in items)
    pairs = Counter(pair for items in kept for pair in combinations(items, 2))
    both = [(*way, n) for pair, n in pairs.items() if n >= 2 for way in (pair, pair[::-1])]
    best = defaultdict(list)
    for item, other, n in sorted(both, key=lambda row: (-row[2], row[1])):
        best[item].append((item, other, n, of_item[item], pytest.approx(n / of_item[item])))
    wanted = [row for others in best.values() for row in others[:2]]
    asked = {"min_entities": 2, "max_items": 7, "others": 2}
    assert 5 < len(wanted) < len(both)
    assert ask("co_viewed_items", {"events": rows(LOG)}, **asked, **TIME) == sorted(
        wanted, key=lambda row: (-row[2], row[:2])
    )


def test_conversions(ask: Any) -> None:
    wanted = []
    for who, events in groups(WITHIN, lambda event: event.who).items():
        done = [event for event in events if event.action in ("cart", "buy")]
        first = span(done)[0] if done else None
        wanted.append((who, len(events), span(events)[0], len(done), first))
    asked = {"actions": ["cart", "buy"]}
    assert ask("conversions", {"events": rows(LOG)}, **asked, **TIME) == wanted


def test_purchases(ask: Any) -> None:
    assert ask("purchases", {"purchases": rows(LOG)}, **TIME) == [
        (who, len(events), sum((e.amount or Decimal(0) for e in events), Decimal(0)), *span(events))
        for who, events in groups(WITHIN, lambda event: event.who).items()
    ]


def test_event_log_and_span(ask: Any) -> None:
    found = ask("event_log", {"events": rows(LOG)}, **TIME)
    keys = [(event.who, event.at) for event in WITHIN]
    assert [row[:2] for row in found] == [(who, shown(at)) for who, at in sorted(keys)]
    assert ask("event_span", {"events": rows(LOG)}) == [span(LOG)]


def test_funnel(ask: Any) -> None:
    window, furthest = timedelta(hours=6), Counter()
    for events in groups(WITHIN, lambda event: event.who).values():
        taken = 0
        for begin in (event.at for event in events if event.action == "view"):
            reached, steps = begin, 1
            for action in ACTIONS[1:]:
                later = [e.at for e in events if e.action == action and e.at > reached]
                if not later or min(later) > begin + window:
                    break
                reached, steps = min(later), steps + 1
            taken = max(taken, steps)
        furthest.update(range(1, taken + 1))
    assert furthest[1] > furthest[2] > furthest[3] > 0
    asked = {"steps": list(ACTIONS), "window_hours": 6}
    assert ask("funnel", {"events": rows(LOG)}, **asked, **TIME) == [
        (step, action, furthest[step], pytest.approx(furthest[step] / furthest[1]))
        for step, action in enumerate(ACTIONS, start=1)
    ]


def test_sessions(ask: Any) -> None:
    wanted = []
    for who, events in groups(WITHIN, lambda event: event.who).items():
        times = sorted(event.at for event in events)
        sessions = [[times[0]]]
        for before, at in pairwise(times):
            if at - before > timedelta(minutes=90):
                sessions.append([])
            sessions[-1].append(at)
        for number, session in enumerate(sessions, start=1):
            length = int((session[-1] - session[0]).total_seconds())
            row = (who, number, shown(session[0]), shown(session[-1]), len(session), length)
            wanted.append(row)
    assert ask("sessions", {"events": rows(LOG)}, gap_minutes=90, **TIME) == wanted


def test_user_lifecycle(ask: Any) -> None:
    present = {d: {e.who for e in es} for d, es in groups(LOG, day_of).items()}
    wanted, known = [], set()
    for day, active in present.items():
        gone = present.get(day - timedelta(1), set()) - active
        if SINCE.astimezone(ZONE).date() <= day < UNTIL.astimezone(ZONE).date():
            counts = (len(active), len(active - known), len(active & known), len(gone))
            wanted.append((day.isoformat(), *counts))
        known |= active
    assert ask("user_lifecycle", {"events": rows(LOG)}, period="day", **TIME) == wanted


AS_OF = ("2024-03-30 12:00", "2024-03-31 12:00", "2024-03-31 12:30")
KNOWN = "2024-04-01 12:00"
LABELS = {"as_of": [*AS_OF, AS_OF[0]], "horizon_days": 1, "active_days": 1, "known_until": KNOWN}


def labelled(outcomes: Iterable[Event]) -> list[tuple[int, datetime, bool]]:
    """Who was active in the day up to a time that is known a day later, and whether any came."""
    outcomes, day = list(outcomes), timedelta(days=1)
    moments = [local(text) for text in AS_OF if local(text) + day <= local(KNOWN)]
    return sorted(
        (who, as_of, any(e.who == who and as_of < e.at <= as_of + day for e in outcomes))
        for as_of in moments
        for who in {event.who for event in LOG if as_of - day < event.at <= as_of}
    )


def test_labels(ask: Any) -> None:
    bought = [event for event in LOG if event.action == "buy"]
    happened = [(who, shown(as_of), label) for who, as_of, label in labelled(bought)]
    logs = {"population": rows(LOG), "events": rows(bought)}
    assert {row[1] for row in happened} == {shown(local(text)) for text in AS_OF[:2]}
    assert ask("label_event", logs, **LABELS) == happened
    stopped = [(who, shown(as_of), not label) for who, as_of, label in labelled(LOG)]
    assert ask("label_stopped", {"events": rows(LOG)}, **LABELS) == stopped
