from dataclasses import replace
from typing import Any

from mushroom import LateColumn
from yule_cli.summary import Contacts, FeatureScore, RunSummary, TargetLeaks
from yule_cli.summary.scores import Combination, IntervalFacts
from yule_cli.tracking.entry import Metric, metrics_of, parameters_of, tags_of


def test_parameters_are_what_the_results_depend_on(resolved: dict[str, Any]) -> None:
    assert parameters_of(resolved) == {
        "case": "shop",
        "labels.table": '["a", "b"]',
        "labels.targets.purchased.kind": "binary",
        "models.gbdt.name": "gbdt",
        "models.gbdt.params.depth": "6",
        "snapshot.purchases": "sha256:ab",
        "warehouse": "duckdb:data",
    }


def test_names_are_made_allowed_and_secrets_cut_out() -> None:
    found = parameters_of(
        {
            "api_token": "canary",
            "url": "postgres://me:canary@host/db",
            "odd\nname": 1,
        }
    )

    assert "canary" not in str(found)
    assert found["url"] == "postgres://***@host/db"
    assert found["odd_name"] == "1"


def test_metrics_are_means_and_folds_as_steps(summary: RunSummary) -> None:
    found = metrics_of(summary)

    assert [metric for metric in found if metric.name.startswith("purchased/gbdt")] == [
        Metric(name="purchased/gbdt/auc", value=0.8),
        Metric(name="purchased/gbdt/folds/rows", value=60, step=0),
        Metric(name="purchased/gbdt/folds/auc", value=0.8, step=0),
        Metric(name="purchased/gbdt/folds/rows", value=40, step=1),
    ]
    assert Metric(name="purchased/ensemble/auc", value=0.8) in found
    assert Metric(name="tasks/reused", value=1.0) in found
    assert Metric(name="stages/training/saved_seconds", value=2.0) in found


def test_intervals_and_contacts_are_measured(summary: RunSummary, contacts: Contacts) -> None:
    interval = IntervalFacts(level=0.9, coverage=0.88, mean_width=12.5, rows=900, least_rows=19)
    combination = Combination(method="greedy", calibration="none", interval=interval)
    target = replace(summary.targets[0], kind="regression", combination=combination)

    found = metrics_of(replace(summary, targets=(target,), contacts={"purchased": contacts}))

    assert Metric(name="purchased/ensemble/interval_coverage", value=0.88) in found
    assert Metric(name="purchased/ensemble/interval_width", value=12.5) in found
    assert Metric(name="purchased/contacts/rows", value=120) in found
    assert Metric(name="purchased/contacts/profit", value=240) in found


def test_suspected_leaks_are_tagged_noted_and_counted(
    summary: RunSummary, resolved: dict[str, Any]
) -> None:
    ranking = tuple(FeatureScore(feature=name, score=s) for name, s in (("a", 0.9), ("b", 0.6)))
    found = TargetLeaks(
        kind="binary", features=20, ranking=ranking, suspects=("a",), lead=0.3, margin=0.1
    )
    late = LateColumn(name="calls.minutes", reason="It is late.")
    leaking = replace(summary, leaks={"purchased": found}, late_columns=(late,))

    tags = tags_of(leaking, resolved)

    assert tags["yule.leak_suspects"] == "a, calls.minutes"
    assert "**Suspected leak:** a alone foretells" in tags["mlflow.note.content"]
    assert "**Suspected leak:** It is late." in tags["mlflow.note.content"]
    assert "yule.leak_suspects" not in tags_of(summary, resolved)
    assert [m for m in metrics_of(leaking) if "/leaks/" in m.name] == [
        Metric(name="purchased/leaks/suspects", value=1.0),
        Metric(name="purchased/leaks/lead", value=0.3),
    ]


def test_tags_say_what_a_run_is_found_by(summary: RunSummary, resolved: dict[str, Any]) -> None:
    failed = replace(summary, status="failed", error="fold 1 failed.", model_version=None)

    tags = tags_of(failed, resolved)

    assert tags["yule.run_id"] == "shop-20261124T020000Z-ab12cd"
    assert tags["yule.commit"] == "c0ffee-dirty"
    assert tags["mlflow.source.git.commit"] == "c0ffee"
    assert tags["mlflow.note.content"].startswith("fold 1 failed.\n\n2 tasks computed")
    assert "yule.model_version" not in tags
