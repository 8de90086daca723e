import numpy as np
import pytest
from yule_models.leaks.suspects import find_suspects, rank_features

NAN = float("nan")


def ranked(*scores: float) -> dict[str, list[float]]:
    return {f"f{place:03d}": [score - 0.01, score + 0.01] for place, score in enumerate(scores)}


def test_features_are_ranked_by_their_mean_and_then_by_name() -> None:
    ranking = rank_features({"b": [0.6, 0.8], "a": [0.7, 0.7], "c": [NAN, 0.9], "d": [NAN, NAN]})
    assert ranking.names == ("c", "a", "b")
    assert ranking.scores.tolist() == pytest.approx([0.9, 0.7, 0.7])


def test_a_lead_below_the_margin_is_honest() -> None:
    found = find_suspects(rank_features(ranked(0.75, *[0.66] * 19)))
    assert (found.suspects, found.margin) == (0, 0.1)
    assert found.lead == pytest.approx(0.09)


def test_a_lead_of_the_margin_is_suspicious() -> None:
    found = find_suspects(rank_features(ranked(0.8, *[0.65] * 19)))
    assert found.suspects == 1
    assert found.lead == pytest.approx(0.15)


def test_a_group_that_leads_is_suspicious_as_a_whole() -> None:
    found = find_suspects(rank_features(ranked(0.99, 0.95, 0.93, *[0.7] * 40)))
    assert found.suspects == 3
    assert found.lead == pytest.approx(0.23)


def test_a_group_of_more_than_a_tenth_is_what_features_are_like() -> None:
    found = find_suspects(rank_features(ranked(*[0.9] * 10, *[0.6] * 40)))
    assert found.suspects == 0


def test_the_fewer_features_the_wider_the_margin() -> None:
    assert find_suspects(rank_features(ranked(0.8, 0.6, 0.55, 0.5, 0.5))).suspects == 0
    assert find_suspects(rank_features(ranked(0.99, 0.6, 0.55, 0.5, 0.5))).suspects == 1


def test_who_is_behind_in_one_fold_does_not_lead() -> None:
    scores = ranked(0.8, *[0.6] * 19)
    assert find_suspects(rank_features({**scores, "f000": [1.0, 0.58]})).suspects == 0
    assert find_suspects(rank_features({**scores, "f000": [1.0, NAN]})).suspects == 1


@pytest.mark.parametrize("scores", [{}, {"only": [1.0]}, {"only": [1.0], "unknown": [NAN]}])
def test_without_two_features_nothing_is_compared(scores: dict[str, list[float]]) -> None:
    found = find_suspects(rank_features(scores))
    assert (found.suspects, found.lead) == (0, None)


def test_noise_is_not_suspicious() -> None:
    random = np.random.default_rng(0)
    alarms = [
        find_suspects(
            rank_features({str(f): random.normal(0.5, 0.05, 5).tolist() for f in range(count)})
        ).suspects
        for count in (2, 5, 15, 100)
        for _ in range(200)
    ]
    assert not any(alarms)


def flat(*scores: float) -> dict[str, list[float]]:
    """Features with the same score in each fold."""
    return {f"f{place:03d}": [score, score] for place, score in enumerate(scores)}


def test_just_the_margin_is_suspicious() -> None:
    found = find_suspects(rank_features(flat(0.75, *[0.5] * 5)))
    assert (found.suspects, found.lead, found.margin) == (1, 0.25, 0.25)


def test_who_is_level_in_one_fold_does_not_lead() -> None:
    scores = {**flat(0.0, *[0.6] * 19), "f000": [1.0, 0.6]}
    assert find_suspects(rank_features(scores)).suspects == 0


def test_of_many_features_a_tenth_may_lead_together() -> None:
    assert find_suspects(rank_features(flat(*[0.9] * 5, *[0.6] * 45))).suspects == 5
    assert find_suspects(rank_features(flat(*[0.9] * 5, *[0.6] * 35))).suspects == 0


def test_the_widest_of_several_gaps_counts() -> None:
    assert find_suspects(rank_features(flat(0.95, 0.82, *[0.6] * 38))).suspects == 2
    assert find_suspects(rank_features(flat(0.99, 0.75, *[0.6] * 38))).suspects == 1
