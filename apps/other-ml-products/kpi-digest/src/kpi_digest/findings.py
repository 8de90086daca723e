"""What a week's figures mean beside the weeks before, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from kpi_digest.digest import Digest, Week
from kpi_digest.weeks import DAYS

__all__ = ["KeyFigure", "format_day", "format_share", "headline", "key_figures"]

_USUAL_WEEKS = 4
# Not strftime's, which speak the language of whoever runs it.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, kw_only=True)
class KeyFigure:
    """A figure of the last week beside those before.

    Attributes:
        label: What it counts.
        value: The figure.
        before: That of the week before; None where the digest has none.
        usual: The mean of up to four weeks before; None likewise.
    """

    label: str
    value: int
    before: int | None
    usual: float | None

    @property
    def note(self) -> str:
        """How it compares, in words.

        >>> KeyFigure(label="active", value=110, before=100, usual=137.5).note
        '+10 % on the week before, −20 % on the mean of the weeks before'
        """
        parts = []
        if self.before is not None:
            parts.append(f"{_change(self.value, self.before)} on the week before")
        if self.usual is not None:
            parts.append(f"{_change(self.value, self.usual)} on the mean of the weeks before")
        return ", ".join(parts) or "no week before to compare with"


_FIGURES: dict[str, Callable[[Week], int]] = {
    "Active": lambda week: week.active,
    "New": lambda week: week.new,
    "Returning": lambda week: week.returning,
    "Lapsed": lambda week: week.lapsed,
}


def key_figures(digest: Digest) -> Iterator[KeyFigure]:
    """The four figures of the last week."""
    earlier = digest.weeks[-1 - _USUAL_WEEKS : -1]
    for label, figure in _FIGURES.items():
        values = [figure(week) for week in earlier]
        yield KeyFigure(
            label=label,
            value=figure(digest.last),
            before=values[-1] if values else None,
            usual=fmean(values) if len(values) > 1 else None,
        )


def headline(digest: Digest) -> str:
    """The last week in two sentences."""
    week = digest.last
    parts = f"{week.new:,} new, {week.kept:,} from the week before and {week.back:,} who came back"
    first = f"{week.active:,} users were active from {_span(week.monday)}: {parts}."
    if week.active_before is None:
        return f"{first} It is the first week of the data, so that everybody is new."
    return (
        f"{first} {week.lapsed:,} of the {week.active_before:,} users of the week before were not "
        f"active again ({format_share(week.retention)} were)."
    )


def format_share(share: float | None) -> str:
    """A share in whole per cent.

    >>> format_share(0.256), format_share(None)
    ('26 %', '–')
    """
    return "–" if share is None else f"{share * 100:.0f} %"


def format_day(day: date) -> str:
    """A day without its year.

    >>> format_day(date(2011, 11, 28))
    '28 Nov'
    """
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _span(monday: date) -> str:
    sunday = monday + timedelta(days=DAYS - 1)
    return f"{format_day(monday)} to {format_day(sunday)} {sunday.year}"


def _change(value: float, before: float) -> str:
    if value == before:
        return "no change"
    if not before:
        return f"from none to {value:,.0f}"
    change = f"{abs(value / before - 1) * 100:.0f}"
    if change == "0":
        return "no change"
    return f"{'+' if value > before else '−'}{change} %"
