"""Labels that a model must not learn from."""

import pyarrow as pa
import pyarrow.compute as pc
from refusal import Shop, refuse

PERIOD = 240
"""Rows of each of the five times that customers are labelled at."""


def with_labels(table: pa.Table, values: list[int]) -> pa.Table:
    return table.set_column(table.column_names.index("ordered"), "ordered", pa.array(values))


def test_missing_columns_are_named_each_at_its_field(shop: Shop) -> None:
    shop.table("labels", lambda table: table.rename_columns(["customer_id", "as_of", "bought"]))

    assert refuse(shop) == [
        "case.yaml:6: `labels.entity` cannot be used: The labels' table 'labels' has no column "
        "'customer' for entity_id; did you mean 'customer_id'?",
        "case.yaml:9: `labels.targets.ordered` cannot be used: The labels' table 'labels' has no "
        "column 'ordered' for ordered; it has as_of, bought, customer_id.",
    ]


def test_labels_that_contradict_each_other(shop: Shop) -> None:
    def contradict(table: pa.Table) -> pa.Table:
        other = with_labels(table, pc.subtract(1, table["ordered"]).to_pylist())
        return pa.concat_tables([table, other.slice(3, 5)])

    shop.table("labels", contradict)

    assert refuse(shop, "run", "--json") == [
        "case.yaml:4: `labels` cannot be used: The labels' table 'labels' has 5 further rows for "
        "an entity and time that it has already, such as for entity 3 as of "
        "2024-03-31T00:00:00+00:00, where they say ordered 0 and 1; keep one row of each."
    ]


def test_labels_that_stand_twice(shop: Shop) -> None:
    shop.table("labels", lambda table: pa.concat_tables([table, table.slice(3, 5)]))

    assert refuse(shop) == [
        "case.yaml:4: `labels` cannot be used: The labels' table 'labels' has 5 further rows for "
        "an entity and time that it has already, such as for entity 3 as of "
        "2024-03-31T00:00:00+00:00, where they say the same; keep one row of each."
    ]


def test_labels_of_one_class(shop: Shop) -> None:
    shop.table("labels", lambda table: with_labels(table, [0] * len(table)))

    assert refuse(shop) == [
        "case.yaml:9: `labels.targets.ordered` cannot be used: The target 'ordered' is 0 in all "
        "1200 rows; a model needs rows of at least two classes to learn from."
    ]


def test_fewer_positives_than_folds(shop: Shop) -> None:
    shop.edit("scheme: forward, folds: 3", "scheme: grouped, folds: 5")
    positive = {3, 7, 11}
    shop.table("labels", lambda t: with_labels(t, [int(i in positive) for i in range(len(t))]))

    [said] = refuse(shop)

    assert said.startswith("case.yaml:16: `validation` cannot be used: Fold ")
    assert (
        "of 5 would be validated on rows of a single class of 'ordered': all its 240 rows" in said
    )
    assert "The rarest class of 'ordered' has 3 rows of 3 entities. Use fewer folds" in said


def test_a_period_of_one_class_cannot_be_validated(shop: Shop) -> None:
    def quiet_end(table: pa.Table) -> pa.Table:
        values = table["ordered"].to_pylist()
        return with_labels(table, [*values[:-PERIOD], *[0] * PERIOD])

    shop.table("labels", quiet_end)

    [said] = refuse(shop)

    assert said.startswith(
        "case.yaml:16: `validation` cannot be used: Fold 2 of 3 would be validated on rows of a "
        "single class of 'ordered': all its 240 rows as of 2024-07-29 say the same."
    )


def test_nothing_to_train_on_before_the_last_period(shop: Shop) -> None:
    def quiet_start(table: pa.Table) -> pa.Table:
        values = table["ordered"].to_pylist()
        return with_labels(table, [*[0] * (len(values) - PERIOD), *values[-PERIOD:]])

    shop.table("labels", quiet_start)

    [said] = refuse(shop)

    assert said.startswith(
        "case.yaml:16: `validation` cannot be used: No period can be validated forward in time: "
    )
    assert "they do not hold two classes of 'ordered', two entities in each" in said


def test_labels_that_look_further_ahead_than_the_data(shop: Shop) -> None:
    shop.edit("  horizon: 30d", "  horizon: 45d")

    assert refuse(shop, "run", "--json") == [
        "case.yaml:8: `labels.horizon` cannot be used: The labels of 240 of 1200 rows look further "
        "ahead than the data reach (2024-08-28), such as entity 0 as of 2024-07-29, whose horizon "
        "ends 2024-09-12. Leave out the rows as of later than 2024-07-14, or shorten the horizon. "
        "If outcomes are known from elsewhere, say until when as `labels.known_until`."
    ]
