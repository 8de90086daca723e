from dataclasses import replace

from kpi_digest import Digest
from kpi_digest.findings import KeyFigure, headline, key_figures


def test_the_week_is_told_in_words(digest: Digest) -> None:
    week21 = replace(digest, weeks=digest.weeks[:3])

    assert headline(week21) == (
        "2 users were active from 20 May to 26 May 2024: 1 new, 0 from the week before and 1 who "
        "came back. 2 of the 2 users of the week before were not active again (0 % were)."
    )


def test_the_first_week_of_the_data_is_no_news(digest: Digest) -> None:
    assert headline(replace(digest, weeks=digest.weeks[:1])).endswith(
        "It is the first week of the data, so that everybody is new."
    )


def test_figures_are_held_against_the_weeks_before(digest: Digest) -> None:
    active, *_, lapsed = key_figures(digest)

    assert active == KeyFigure(label="Active", value=0, before=2, usual=7 / 3)
    assert active.note == "−100 % on the week before, −100 % on the mean of the weeks before"
    assert lapsed.note == "no change on the week before, +50 % on the mean of the weeks before"


def test_a_figure_may_stand_alone_or_come_from_nothing() -> None:
    alone = KeyFigure(label="New", value=3, before=None, usual=None)
    first = KeyFigure(label="New", value=3, before=0, usual=None)

    assert alone.note == "no week before to compare with"
    assert first.note == "from none to 3 on the week before"
