"""What trees cannot find by themselves: joint values of columns, and rare categories."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from yule_models import Estimator, Target, load_estimator, make_estimator

QUICK = {"rounds": 100, "learning_rate": 0.1}
BOUGHT = [Target(name="bought")]
RANDOM = np.random.default_rng(5)
ROWS = 6000
RATES = RANDOM.random((31, 12))
SHOP_RATES = RANDOM.beta(0.5, 0.5, size=400)


def rows(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each day of each month has a rate of its own, and each of 400 shops."""
    random = np.random.default_rng(seed)
    day, month, shop = (random.integers(count, size=ROWS) for count in (31, 12, 400))
    features = pd.DataFrame(
        {
            "day": day + 1.0,
            "month": pd.Series(month).map("m{}".format),
            "shop": pd.Series(shop).map("s{}".format),
            "noise": random.normal(size=ROWS),
        }
    )
    rate = (RATES[day, month] + SHOP_RATES[shop]) / 2
    return features, pd.DataFrame({"bought": (random.random(ROWS) < rate).astype(int)})


TRAINING, TEST = rows(1), rows(2)


def fitted(names: list[str], **params: float) -> tuple[Estimator, float]:
    model = make_estimator("gbdt", targets=BOUGHT, seed=1, threads=1, params=QUICK | params)
    model.fit(TRAINING[0][names], TRAINING[1])
    return model, float(roc_auc_score(TEST[1]["bought"], model.predict(TEST[0][names])[:, 0]))


def keys(folder: Path) -> list[list[str]]:
    (stored,) = json.loads((folder / "enrichments.json").read_text())
    return [[levels["name"] for levels in means["key"]] for means in stored["means"]]


def test_pairs_that_trees_leave_unexplained_are_crossed(tmp_path: Path) -> None:
    names = ["day", "month", "noise"]
    crossed, auc = fitted(names)
    _, plain_auc = fitted(names, crosses=0)
    assert auc > plain_auc + 0.01
    crossed.save(tmp_path)
    assert keys(tmp_path) == [["day", "month"]]
    again = load_estimator(tmp_path).predict(TEST[0][names])
    assert again.tobytes() == crossed.predict(TEST[0][names]).tobytes()


def test_the_gain_of_a_cross_counts_for_its_columns() -> None:
    model, _ = fitted(["day", "month", "noise"])
    importances = model.importances()
    assert importances is not None
    assert list(importances) == ["day", "month", "noise"]
    assert sum(importances.values()) == pytest.approx(1)
    assert importances["noise"] < min(importances["day"], importances["month"])


def test_categories_beyond_the_vocabulary_are_told_by_their_means(tmp_path: Path) -> None:
    model, auc = fitted(["shop", "noise"], crosses=0)
    model.save(tmp_path)
    assert keys(tmp_path) == [["shop"]]
    frequent = TRAINING[0]["shop"].value_counts().index[:99]
    codes_alone = {"shop": TRAINING[0]["shop"].where(TRAINING[0]["shop"].isin(frequent), "rare")}
    others = {"shop": TEST[0]["shop"].where(TEST[0]["shop"].isin(frequent), "rare")}
    plain = make_estimator("gbdt", targets=BOUGHT, seed=1, threads=1, params=QUICK | {"crosses": 0})
    plain.fit(TRAINING[0][["noise"]].assign(**codes_alone), TRAINING[1])
    found = plain.predict(TEST[0][["noise"]].assign(**others))[:, 0]
    assert auc > roc_auc_score(TEST[1]["bought"], found) + 0.02


def test_labels_that_say_nothing_are_not_learned_by_heart() -> None:
    random = np.random.default_rng(3)
    noise = pd.DataFrame({"bought": random.integers(2, size=ROWS)})
    model = make_estimator(
        "gbdt", targets=BOUGHT, seed=1, threads=1, params={"rounds": 200, "patience": 20}
    )
    half = ROWS // 2
    names = ["shop", "day", "month"]
    model.fit(
        TRAINING[0][names][:half],
        noise[:half],
        validation=(TRAINING[0][names][half:].reset_index(drop=True), noise[half:]),
    )
    assert model.best_step_ is not None
    assert model.best_step_ <= 15


def test_rows_of_a_group_do_not_tell_each_other_their_labels() -> None:
    # Each shop is a single customer at ten times, who bought always or never: the shop of a row
    # gives its label away, and says nothing of other customers.
    random = np.random.default_rng(4)
    customer = np.repeat(np.arange(300), 10)
    features = pd.DataFrame(
        {"shop": pd.Series(customer).map("s{}".format), "noise": random.normal(size=3000)}
    )
    labels = pd.DataFrame({"bought": random.integers(2, size=300)[customer]})
    spreads = []
    for groups in (None, customer):
        model = make_estimator("gbdt", targets=BOUGHT, seed=1, threads=1, params=QUICK)
        model.fit(features, labels, groups=groups)
        importances = model.importances()
        assert importances is not None
        spreads.append(importances["shop"])
    assert spreads[0] > 0.9
    assert spreads[1] < 0.6


def loyal(customers: range, *, visits: int) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Customers of one shop each, who buy always or never; the shop says nothing of others."""
    random = np.random.default_rng(customers.start)
    age = random.normal(size=len(customers)).repeat(visits)
    bought = (age + random.normal(size=len(customers)).repeat(visits) > 0).astype(int)
    customer = np.array(customers).repeat(visits)
    shop = pd.Series(customer % 150).map("s{}".format)
    return pd.DataFrame({"shop": shop, "age": age}), pd.DataFrame({"bought": bought}), customer


def test_rows_of_an_inner_group_do_not_tell_each_other_their_labels_in_the_refit() -> None:
    features, labels, customer = loyal(range(1500), visits=1)
    inner_features, inner_labels, inner_customer = loyal(range(1500, 1650), visits=40)
    others, answers, _ = loyal(range(1650, 3150), visits=1)
    aucs = []
    for inner_groups in (5000 + np.arange(len(inner_labels)), inner_customer):
        model = make_estimator("gbdt", targets=BOUGHT, seed=1, threads=1, params=QUICK)
        model.fit(
            features,
            labels,
            groups=customer,
            validation=(inner_features, inner_labels),
            validation_groups=inner_groups,
        )
        aucs.append(roc_auc_score(answers["bought"], model.predict(others)[:, 0]))
    assert aucs[1] > aucs[0] + 0.03


def test_rows_that_stop_early_are_told_nothing_of_their_own_labels(tmp_path: Path) -> None:
    half, stored = ROWS // 2, []
    others = TRAINING[1][half:].reset_index(drop=True)
    for name, inner in (("as they are", others), ("the contrary", 1 - others)):
        model = make_estimator(
            "gbdt", targets=BOUGHT, seed=1, threads=1, params=QUICK | {"refit": False}
        )
        model.fit(
            TRAINING[0][:half],
            TRAINING[1][:half],
            validation=(TRAINING[0][half:].reset_index(drop=True), inner),
        )
        (tmp_path / name).mkdir()
        model.save(tmp_path / name)
        stored.append((tmp_path / name / "enrichments.json").read_text())
    assert keys(tmp_path / name) == [["shop"], ["day", "month"]]
    assert stored[0] == stored[1]


@pytest.mark.parametrize("entities", [1, 2, 3, 9])
def test_few_entities_at_many_times_are_fitted_without_crosses(
    tmp_path: Path, entities: int
) -> None:
    names = ["day", "month"]
    model = make_estimator("gbdt", targets=BOUGHT, seed=1, threads=1, params={"rounds": 5})
    model.fit(TRAINING[0][names], TRAINING[1], groups=np.arange(ROWS) % entities)
    model.save(tmp_path)
    assert keys(tmp_path) == []


@pytest.mark.parametrize("seed", range(5))
def test_ten_entities_are_halved_evenly(seed: int) -> None:
    names = ["day", "month"]
    model = make_estimator("gbdt", targets=BOUGHT, seed=seed, threads=1, params={"rounds": 5})
    predicted = model.fit(TRAINING[0][names], TRAINING[1], groups=np.arange(ROWS) % 10).predict(
        TEST[0][names]
    )
    assert np.isfinite(predicted).all()


def test_crosses_tell_each_of_several_classes(tmp_path: Path) -> None:
    target = Target(name="bought", kind="multiclass", classes=("no", "some", "much"))
    features, _ = TRAINING
    cell = (
        features["day"].to_numpy().astype(int) * 7
        + features["month"].str[1:].astype(int).to_numpy()
    ) % 3
    names = ["day", "month", "noise"]
    labels = pd.DataFrame({"bought": np.array(target.classes)[cell]})
    model = make_estimator("gbdt", targets=[target], seed=1, threads=1, params={"rounds": 30})
    model.fit(features[names], labels).save(tmp_path)
    assert ["day", "month"] in [sorted(key) for key in keys(tmp_path)]
    found = model.predict(features[names]).argmax(axis=1)
    without = make_estimator(
        "gbdt", targets=[target], seed=1, threads=1, params={"rounds": 30, "crosses": 0}
    )
    plain = without.fit(features[names], labels).predict(features[names]).argmax(axis=1)
    assert (found == cell).mean() > (plain == cell).mean() + 0.05
