"""Models of a fold, the ensemble of all, and each row, explained."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from yule_models import Target, assign_folds, make_estimator
from yule_models.ensemble import Blend
from yule_models.ensemble.importance import mean_importances
from yule_models.explanation import (
    MOST_PREDICTIONS,
    ExplainedMember,
    explain_ensemble,
    merge_explanations,
    predictions_of_a_fold,
    reasons_of,
)
from yule_models.registry import load_estimator
from yule_models.scoring import EnsembleMember, score

ROWS = 400
RANDOM = np.random.default_rng(5)
TARGETS = [
    Target(name="bought"),
    Target(name="size", kind="multiclass", classes=("s", "m", "l")),
    Target(name="spend", kind="regression"),
]
STRONG, WEAK, NOISE = RANDOM.normal(size=(3, ROWS))
PLAN = np.where(RANDOM.random(ROWS) < 0.5, "pro", "free")
SIGNAL = 2 * STRONG + 0.7 * WEAK + (PLAN == "pro")
KEYS = {
    "entity_id": list(range(ROWS)),
    "as_of": pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * ROWS, pa.timestamp("us", "UTC")),
}
FEATURES = pa.table({**KEYS, "noise": NOISE, "plan": PLAN, "strong": STRONG, "weak": WEAK})
LABELS = pa.table(
    {
        **KEYS,
        "bought": (SIGNAL > 0.5).astype(int),
        "size": np.array(["s", "m", "l"])[np.digitize(SIGNAL, [-1, 1])],
        "spend": 10 * SIGNAL,
    }
)
FOLDS = assign_folds(LABELS, {"kind": "stratified", "folds": 2}, seed=0)
BLENDS = {
    target.name: Blend(space="outputs", outputs=target.outputs, weights={"line": 0.5, "trees": 0.5})
    for target in TARGETS
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    frame, labels = (t.drop_columns(["entity_id", "as_of"]).to_pandas() for t in (FEATURES, LABELS))
    for name, kind, params in (("line", "linear", {}), ("trees", "gbdt", {"rounds": 40})):
        for fold in range(2):
            rows = FOLDS["fold"].to_numpy() != fold
            estimator = make_estimator(kind, targets=TARGETS, seed=1, threads=1, params=params)
            estimator.fit(frame[rows], labels[rows])
            folder = tmp_path_factory.mktemp(f"{name}-{fold}")
            estimator.save(folder)
            found.setdefault(name, []).append(folder)
    return found


@pytest.fixture(scope="module")
def explained(folders: dict[str, list[Path]]):  # type: ignore[no-untyped-def]
    members = [
        ExplainedMember(name=name, folders=own, gains={"strong": 0.8, "weak": 0.2})
        for name, own in folders.items()
    ]
    return explain_ensemble(
        lambda _: FEATURES,
        LABELS,
        FOLDS,
        members=members,
        targets=TARGETS,
        blends=BLENDS,
        seed=3,
    )


def test_importances_are_told_of_each_model_and_of_all_by_target(explained) -> None:  # type: ignore[no-untyped-def]
    report, typical = explained
    assert report["rows"] == 400
    assert [len(row) for row in typical] == [1, 1]
    for target in TARGETS:
        found = report["targets"][target.name]
        assert found["unit"] == ("value" if target.kind == "regression" else "log-odds")
        assert set(found["models"]) == {"line", "trees"}
        for name, size in found["ensemble"]["shap"].items():
            # Contributions of both, in equal parts, may cancel out, and never add up to more.
            parts = [0.5 * own["shap"][name] for own in found["models"].values()]
            assert size <= sum(parts) + 1e-9
        for own in (found["ensemble"], *found["models"].values()):
            for method in ("permutation", "shap"):
                assert next(iter(own[method])) == "strong", (target.name, method)
                assert set(own[method]) == {"noise", "plan", "strong", "weak"}
            assert own["permutation"]["strong"] > 4 * abs(own["permutation"]["noise"])
            assert sum(own["gain"].values()) == pytest.approx(1)
            assert next(iter(own["gain"])) == "strong"


def test_gain_is_told_by_target(explained, folders: dict[str, list[Path]]) -> None:  # type: ignore[no-untyped-def]
    found = explained[0]["targets"]
    for name, own in folders.items():
        fits = [load_estimator(folder) for folder in own]
        for target in TARGETS:
            by_fold = [(fit.target_importances() or {})[target.name] for fit in fits]
            expected = mean_importances(by_fold)
            assert found[target.name]["models"][name]["gain"] == pytest.approx(expected)
        assert len({str(found[target.name]["models"][name]["gain"]) for target in TARGETS}) == 3


def test_a_model_that_cannot_tell_targets_apart_says_what_it_knows() -> None:
    member = ExplainedMember(name="net", folders=[], gains={"strong": 1.0})
    blends = {"bought": Blend(space="outputs", outputs=1, weights={"net": 1.0})}
    seen = {"rows": 3, "found": {}, "gains": {}}
    report = merge_explanations([seen], members=[member], targets=TARGETS[:1], blends=blends)
    assert report["targets"]["bought"]["models"]["net"]["gain"] == {"strong": 1.0}


def test_what_a_model_knows_by_heart_matters_to_no_row_that_was_held_out(tmp_path: Path) -> None:
    guesses = LABELS.select(["entity_id", "as_of"]).append_column(
        "bought", pa.array(np.random.default_rng(6).integers(0, 2, ROWS))
    )
    frame = FEATURES.drop_columns(["entity_id", "as_of"]).to_pandas()
    labels = guesses.drop_columns(["entity_id", "as_of"]).to_pandas()
    folders = []
    for fold in range(2):
        rows = FOLDS["fold"].to_numpy() != fold
        params = {"rounds": 100, "learning_rate": 0.3, "min_data_in_leaf": 2}
        trees = make_estimator("gbdt", targets=TARGETS[:1], seed=1, threads=1, params=params)
        trees.fit(frame[rows], labels[rows])
        (tmp_path / str(fold)).mkdir()
        trees.save(tmp_path / str(fold))
        folders.append(tmp_path / str(fold))
    report, _ = explain_ensemble(
        lambda _: FEATURES,
        guesses,
        FOLDS,
        members=[ExplainedMember(name="trees", folders=folders, gains={})],
        targets=TARGETS[:1],
        blends={"bought": Blend(space="outputs", outputs=1, weights={"trees": 1.0})},
        seed=3,
    )
    # On the rows that they were fitted to, the rises sum to 1.4.
    assert sum(report["targets"]["bought"]["ensemble"]["permutation"].values()) < 0.5


def test_what_chance_may_do_is_told_beside_a_rise() -> None:
    def seen(**rises: float) -> dict[str, Any]:
        found = {"bought": {"net": {"permutation": rises}, "": {"permutation": rises}}}
        return {"rows": 3, "found": found, "gains": {}}

    report = merge_explanations(
        [seen(strong=0.1, some=0.2), seen(strong=0.3)],
        members=[ExplainedMember(name="net", folders=[], gains={})],
        targets=TARGETS[:1],
        blends={"bought": Blend(space="outputs", outputs=1, weights={"net": 1.0})},
    )
    found = report["targets"]["bought"]["models"]["net"]
    assert found["permutation"] == pytest.approx({"strong": 0.2, "some": 0.2})
    # Of two rises the deviation is their difference over the root of 2; one tells nothing.
    assert found["permutation_error"] == pytest.approx({"strong": 0.1})
    assert report["targets"]["bought"]["ensemble"]["permutation_error"]["strong"] > 0


@pytest.mark.parametrize(
    ("columns", "rows"), [(4, 1_000), (20, 1_000), (40, 500), (50, 400), (2_000, 400)]
)
def test_work_is_bounded_by_the_features_that_are_permuted(columns: int, rows: int) -> None:
    assert predictions_of_a_fold(columns) - 100 * MOST_PREDICTIONS == rows * (min(columns, 50) + 1)


def test_the_same_seed_explains_the_same(explained, folders: dict[str, list[Path]]) -> None:  # type: ignore[no-untyped-def]
    members = [
        ExplainedMember(name=name, folders=own, gains={"strong": 0.8, "weak": 0.2})
        for name, own in folders.items()
    ]
    again, _ = explain_ensemble(
        lambda _: FEATURES, LABELS, FOLDS, members=members, targets=TARGETS, blends=BLENDS, seed=3
    )
    assert again == explained[0]


def test_reasons_name_what_moves_a_row(explained, folders: dict[str, list[Path]]) -> None:  # type: ignore[no-untyped-def]
    _, typical = explained
    members = [EnsembleMember(name=name, folders=own) for name, own in folders.items()]
    strange = pa.table(
        {
            "entity_id": [1, 2, 3],
            "as_of": KEYS["as_of"].slice(0, 3),
            "noise": [0.0, 0.0, 0.0],
            "plan": pa.array([None, "free", "pro"], pa.string()),
            "strong": [4.0, -4.0, 0.0],
            "weak": [0.0, 0.25, -5.0],
        }
    )

    def reasons(rows: pa.Table) -> pa.Table:
        scored = score([rows], members, TARGETS, BLENDS)
        return reasons_of(
            [rows],
            members,
            scored,
            typical=typical,
            targets=TARGETS,
            blends=BLENDS,
            players=[],
            count=5,
        )

    found = reasons(strange)
    assert found.column_names[2:] == [
        f"{target.name}.reason_{place}" for target in TARGETS for place in range(1, 6)
    ]
    first, second, third = found["bought.reason_1"].to_pylist()
    assert first.startswith("strong is 4: makes it likelier (odds x ")
    assert second.startswith("strong is -4: makes it less likely (odds x 0.")
    assert third.startswith("weak is -5: makes it less likely")
    assert found["size.reason_1"].to_pylist()[1].startswith("strong is -4: makes it likelier")
    assert found["spend.reason_1"].to_pylist()[0].startswith("strong is 4: raises it by ")
    assert any(text.startswith("plan is missing: ") for text in _row(found, 0))
    assert any(text.startswith("weak is 0.25: ") for text in _row(found, 1))
    assert found["bought.reason_5"].null_count == 3  # there are four features
    alone = [reasons(strange.slice(row, 1)) for row in range(3)]
    assert pa.concat_tables(alone).equals(found)


def _row(table: pa.Table, number: int) -> list[str]:
    return [
        text for text in table.slice(number, 1).to_pylist()[0].values() if isinstance(text, str)
    ]


def test_the_typical_row_is_that_of_the_training_rows(explained) -> None:  # type: ignore[no-untyped-def]
    for fold, typical in enumerate(explained[1]):
        (row,) = typical.to_dict("records")
        is_training = FOLDS["fold"].to_numpy() != fold
        assert row["plan"] == pd.Series(PLAN[is_training]).mode()[0]
        assert abs(row["strong"] - np.median(STRONG[is_training])) < 0.05
