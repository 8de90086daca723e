from dataclasses import replace

from yule_cli.summary import Contacts, PlanFacts, TopFacts, with_validated_lifts
from yule_cli.summary.contacts import contact_remarks, contact_rows

PLAN = PlanFacts(
    cost=0.5,
    value=10,
    cut=0.05,
    worthwhile=120,
    rows=120,
    least_score=0.051,
    expected=30.25,
    profit=242.5,
    profit_of_all=-40.0,
    validated=(1.5, None, 2.5),
    validated_rows=(300, 0, 100),
)
TOP = {"share": 0.1, "rows": 100, "least_score": 0.0612, "expected": 21.04, "lift": 2.345}
CONTACTS = Contacts(population=1000, top=with_validated_lifts([TOP], []), plan=PLAN)


def test_whom_to_contact_is_said_with_what_it_brings() -> None:
    assert list(contact_remarks({"bought": CONTACTS, "spend": replace(CONTACTS, plan=None)})) == [
        (
            "bought",
            "At 0.5 a contact and a value of 10, contact the 120 rows of 1,000 with a score above "
            "0.05: 30.2 expected, which is worth 242 after costs; contacting everybody, −40.00. "
            "In validation a contact above it brought 1.75 (1.50 to 2.50 by fold) after costs.",
        )
    ]


def test_more_who_would_be_worth_it_are_told() -> None:
    more = replace(CONTACTS, plan=replace(PLAN, worthwhile=400))

    [(_, text)] = contact_remarks({"bought": more})

    assert "contact the best-scored 120 of the 400 rows above 0.05: 30.2 expected" in text


def test_where_no_contact_pays_it_is_said() -> None:
    nobody = replace(CONTACTS, plan=replace(PLAN, rows=0))

    [(_, text)] = contact_remarks({"bought": nobody})

    assert text.endswith("nobody is worth one: no score is above 0.05.")


def test_what_validation_says_nothing_of_is_said() -> None:
    unknown = replace(CONTACTS, plan=replace(PLAN, validated=(None,), validated_rows=(0,)))

    [(_, text)] = contact_remarks({"bought": unknown})

    assert text.endswith("No validation row was above that score.")


def test_expected_lifts_stand_beside_those_that_were_found() -> None:
    curve = [{"share": 0.1, "lift": 2.1}, {"share": 0.2, "lift": 1.8}]
    top = with_validated_lifts([TOP, TOP | {"share": 0.15}], curve)

    assert top[0] == TopFacts(**TOP, validated_lift=2.1)
    assert contact_rows(replace(CONTACTS, top=top)) == [
        ("10%", "100", "0.0612", "21.0", "2.3×", "2.1×"),
        ("15%", "100", "0.0612", "21.0", "2.3×", "–"),
    ]
