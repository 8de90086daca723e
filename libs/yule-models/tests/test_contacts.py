import numpy as np
import pytest
from yule_models.contacts import ContactError, plan_contacts, top_rows

SCORES = np.array([0.1, 0.9, 0.5, 0.5])
NO_ROWS = {"labels": np.empty(0), "predictions": np.empty(0), "fold": np.empty(0, np.int64)}


def test_the_best_rows_are_added_up() -> None:
    best, half = top_rows(SCORES, (0.01, 0.5))
    assert (best.rows, best.least_score, best.expected) == (1, 0.9, 0.9)
    assert (half.rows, half.least_score) == (2, 0.5)
    assert half.expected == pytest.approx(1.4)
    assert half.lift == pytest.approx(0.7 / 0.5)


def test_nobody_is_expected_of_nobody() -> None:
    assert top_rows(np.empty(0)) == []
    assert top_rows(np.zeros(3), (1.0,))[0].lift is None


def test_contact_pays_where_the_expected_value_exceeds_the_cost() -> None:
    plan = plan_contacts(SCORES, cost=2, value=5, **NO_ROWS)
    assert plan.cut == 0.4
    assert plan.rows == 3
    assert plan.expected == pytest.approx(1.9)
    assert plan.profit == pytest.approx(1.9 * 5 - 3 * 2)
    assert plan.profit_of_all == pytest.approx(2.0 * 5 - 4 * 2)


def test_no_other_number_of_rows_promises_more() -> None:
    scores = np.random.default_rng(0).random(200)
    plan = plan_contacts(scores, cost=1, value=3, **NO_ROWS)
    ordered = np.sort(scores)[::-1]
    profits = 3 * np.cumsum(ordered) - np.arange(1, 201)
    assert plan.profit == pytest.approx(profits.max())
    assert plan.rows == profits.argmax() + 1


def test_no_more_are_contacted_than_can_be() -> None:
    plan = plan_contacts(SCORES, cost=2, value=5, capacity=2, **NO_ROWS)
    assert (plan.worthwhile, plan.rows, plan.least_score) == (3, 2, 0.5)
    assert plan.expected == pytest.approx(1.4)
    assert plan_contacts(SCORES, cost=5, value=5, **NO_ROWS).least_score is None
    with pytest.raises(ContactError, match="capacity of contacts must be at least 1, got 0"):
        plan_contacts(SCORES, cost=2, value=5, capacity=0, **NO_ROWS)


def test_the_cut_is_tried_on_each_fold() -> None:
    plan = plan_contacts(
        SCORES,
        cost=1,
        value=4,
        labels=np.array([1.0, 0, 0, 1]),
        predictions=np.array([0.9, 0.8, 0.1, 0.2]),
        fold=np.array([0, 0, 0, 1]),
    )
    assert plan.validated == (0.5 * 4 - 1, None)
    assert plan.validated_rows == (2, 0)


@pytest.mark.parametrize("wrong", [{"cost": 0}, {"value": -1}, {"value": float("nan")}])
def test_a_contact_has_a_cost_and_a_value(wrong: dict[str, float]) -> None:
    with pytest.raises(ContactError, match=f"{next(iter(wrong))} of a contact must be above 0"):
        plan_contacts(SCORES, **{"cost": 1, "value": 2, **wrong}, **NO_ROWS)


def test_what_contacts_brought_is_weighed() -> None:
    rows = {
        "labels": np.array([1.0, 0, 0]),
        "predictions": np.array([0.9, 0.8, 0.7]),
        "fold": np.zeros(3, np.int64),
    }
    plan = plan_contacts(SCORES, cost=1, value=4, weights=np.array([3.0, 2, 1]), **rows)
    assert plan.validated == (0.5 * 4 - 1,)
    assert plan.validated_rows == (3,)
    assert plan.expected == plan_contacts(SCORES, cost=1, value=4, **rows).expected
