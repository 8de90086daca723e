from dataclasses import replace

import pytest
from mushroom import LateColumn
from yule_cli.summary import FeatureScore, RunSummary, TargetLeaks, to_json
from yule_cli.summary.leaks import leak_warnings

STORED = {
    "kind": "binary",
    "features": 16,
    "ranking": [{"feature": "users.duration", "score": 0.8}, {"feature": "a", "score": 0.6}],
    "suspects": ["users.duration"],
    "lead": 0.2,
    "margin": 0.1,
}


def test_leaks_are_read_from_what_is_stored() -> None:
    found = TargetLeaks.of(STORED)

    assert found.ranking[1] == FeatureScore(feature="a", score=0.6)
    assert (found.features, found.suspects, found.margin) == (16, ("users.duration",), 0.1)


def test_honest_features_bring_no_warning(summary: RunSummary) -> None:
    assert list(leak_warnings(summary.leaks)) == []
    assert summary.leak_suspects == ()


def test_one_suspect_is_named_with_the_next_feature() -> None:
    assert list(leak_warnings({"subscribed": TargetLeaks.of(STORED)})) == [
        (
            "subscribed",
            "users.duration alone foretells far more than the rest: AUC 0.800, and 0.600 the "
            "next, a. If this cannot be known at `as_of`, leave it out, or say by `known_at` in "
            "the catalogue when it can; if it can, the scores are as good as they look.",
        )
    ]


@pytest.mark.parametrize(
    ("kind", "measure"), [("multiclass", "macro AUC"), ("regression", "c-index")]
)
def test_the_score_is_called_by_its_name(kind: str, measure: str) -> None:
    [(_, text)] = leak_warnings({"y": TargetLeaks.of(STORED | {"kind": kind})})

    assert f"far more than the rest: {measure} 0.800, and" in text


def test_a_group_of_suspects_is_named(leaking: RunSummary) -> None:
    [(name, text)] = leak_warnings(leaking.leaks)

    assert name == "purchased"
    assert text.startswith(
        "calls.duration, calls.minutes alone foretell far more than the rest: "
        "AUC 0.930 to 0.980, and 0.710 the next, purchases.30d.count. If these cannot"
    )


def test_a_large_group_is_cut_short() -> None:
    ranking = tuple(FeatureScore(feature=f"f{n}", score=1 - n / 100) for n in range(9))
    found = TargetLeaks(
        kind="binary",
        features=90,
        ranking=(*ranking[:8], replace(ranking[8], score=0.6)),
        suspects=tuple(row.feature for row in ranking[:8]),
        lead=0.3,
        margin=0.1,
    )

    [(_, text)] = leak_warnings({"y": found})

    assert text.startswith("f0, f1, f2, f3, f4 and 3 more alone foretell")


def test_what_the_catalogue_contradicts_is_a_suspect_too(leaking: RunSummary) -> None:
    late = LateColumn(name="contacts.minutes", reason="It is late.")
    both = replace(leaking, late_columns=(late,))

    assert list(leak_warnings({}, both.late_columns)) == [("contacts.minutes", "It is late.")]
    assert both.leak_suspects == ("calls.duration", "calls.minutes", "contacts.minutes")
    assert to_json(both)["leaks"]["late_columns"] == [
        {"name": "contacts.minutes", "reason": "It is late."}
    ]
