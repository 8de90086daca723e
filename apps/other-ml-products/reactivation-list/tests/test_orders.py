from datetime import UTC, datetime

import pyarrow as pa
from reactivation_list.orders import judge_orders
from reactivation_list.ranking import ACTIVE_DAYS, AGE, SILENCE

MAY = datetime(2024, 5, 1, tzinfo=UTC)


def test_each_order_is_judged_by_who_of_its_first_came_back() -> None:
    """Ten customers, so that the first tenth is one of them."""
    ids = list(range(10))
    at = pa.array([MAY] * 10, pa.timestamp("us", "UTC"))
    keys = {"entity_id": ids, "as_of": at}
    chances = [0.9, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]
    active = [1, 3, 1, 1, 9, 1, 1, 1, 1, 1]
    silent = [40.0, 30.0, 20.0] + [50.0] * 7
    # The list begins with 1 (0.5 times 3), the chances with 0, the falls with 4, silence with 2.
    outcome = [0, 1, 0, 0, 1, 0, 0, 0, 0, 0]
    oof = pa.table({**keys, "fold": [0] * 10, "returned": chances}).take(ids[::-1])
    history = {ACTIVE_DAYS: active, AGE: [40.0] * 10, SILENCE: silent}

    found = judge_orders(
        oof,
        pa.table(keys | history),
        pa.table(keys | {"returned": outcome}),
        lapsed_after_days=20,
    )

    assert {order.name: order.returned for order in found} == {
        "chance times fall (the list)": (1.0,),
        "chance alone": (0.0,),
        "fall alone": (1.0,),
        "shortest silence": (0.0,),
        "no order": (0.2,),
    }
