"""Short fits foretell long ones; the clock is made up where its readings are compared."""

from collections.abc import Callable
from typing import Any

import pytest
from yule_models import PRESETS, Target, check_params, model_kinds
from yule_models.effort import measure_effort, usual_steps

BINARY = Target(name="bought")


def measure(kind: str, params: dict[str, Any] | None = None, **options: Any) -> Any:
    arguments: dict[str, Any] = {"targets": [BINARY], "rows": 200, "columns": 6, "threads": 1}
    model = {"kind": kind, "params": params or {}}
    return measure_effort(model, **{**arguments, **options})


def ticking(*seconds: float) -> Callable[[], float]:
    """A clock on which one span after another takes so long."""
    readings = [0.0]
    for span in seconds:
        readings += [readings[-1] + span, readings[-1] + span]
    times = iter(readings)
    return lambda: next(times)


@pytest.mark.parametrize("kind", sorted(set(model_kinds()) - {"sequence"}))
def test_every_kind_can_be_measured(kind: str) -> None:
    small = {"width": 8, "members": 2, "epochs": 50}
    params = {name: value for name, value in small.items() if name in check_params(kind, {})}
    found = measure(kind, params)
    assert found.fit_s(1000) > 0
    assert found.predict_s > 0


@pytest.mark.parametrize(
    "target",
    [
        Target(name="kind", kind="multiclass", classes=("a", "b", "c")),
        Target(name="spend", kind="regression"),
    ],
)
def test_other_targets_are_measured_as_what_they_are(target: Target) -> None:
    assert measure("gbdt", {"rounds": 100}, targets=[BINARY, target]).row_s > 0


def test_steps_rows_and_columns_are_scaled() -> None:
    # 40 rounds and 120: a second before the first, .1 s each; then the prediction.
    params = {"learning_rate": 0.03, "refit": False, "crosses": 0}
    clock = (9.0, 5.0, 13.0, 4.0)
    found = measure("gbdt", params, rows=20_000, columns=120, clock=ticking(*clock))
    steps = usual_steps(check_params("gbdt", params))
    assert steps.number == 500
    assert found.start_s == pytest.approx(1.0)
    # 10,000 rows and 60 columns were tried, of 20,000 and 120.
    assert found.row_s == pytest.approx(0.1 * 500 * 2 / 10_000)
    assert found.fit_s(20_000) == pytest.approx(1 + 0.1 * 500 * 2 * 2)
    assert found.predict_s == pytest.approx(4.0 / 10_000 * 2 * 500 / 120)
    assert found.cpu_s == 5.0 + 13.0
    assert found.wall_s > 0


def test_threads_share_the_seconds_of_cores() -> None:
    one, two = (
        measure("linear", threads=threads, clock=ticking(1.0, 4.0, 2.0)) for threads in (1, 2)
    )
    assert one.fit_s(200) == pytest.approx(4.0)
    assert two.fit_s(200) == pytest.approx(2.0)
    assert two.predict_s == pytest.approx(one.predict_s / 2)


def test_where_a_longer_fit_takes_no_longer_all_of_it_counts_as_steps() -> None:
    params = {"learning_rate": 0.03, "refit": False, "crosses": 0}
    found = measure("gbdt", params, clock=ticking(1.0, 5.0, 3.0, 1.0))
    assert found.start_s == pytest.approx(5.0 - 40 * 3.0 / 120)
    assert found.row_s == pytest.approx(3.0 / 120 * 500 / 200)


@pytest.mark.parametrize("preset", PRESETS)
def test_the_steps_of_all_models_of_presets_are_known(preset: str) -> None:
    # A linear model is fitted as a whole.
    for model in (model for model in PRESETS[preset] if model.kind != "linear"):
        given = {"learning_rate": 0.03} if model.kind == "gbdt" else {}
        params = check_params(model.kind, {**model.params, **given})
        steps = usual_steps(params)
        assert steps.parameter is not None
        assert 10 < steps.number < 3 * params[steps.parameter]


def test_parameters_that_depend_on_rows_are_those_of_so_many() -> None:
    """Ten thousand rows have the larger rate, and so fewer rounds."""
    clock = (9.0, 5.0, 13.0, 4.0)
    few, many = (
        measure("gbdt", rows=rows, columns=60, clock=ticking(*clock)) for rows in (9_999, 10_000)
    )
    assert few.row_s * 9_999 == pytest.approx(0.1 * 1.1 * (1300 + 1320))
    assert many.row_s * 10_000 == pytest.approx(0.1 * 1.1 * (500 + 440))


def test_a_refit_and_a_search_for_crosses_take_steps_of_their_own() -> None:
    def number(**params: Any) -> float:
        return usual_steps(check_params("gbdt", {"learning_rate": 0.03, **params})).number

    assert number(refit=False, crosses=0) == 500
    assert number(crosses=0) == 500 + 440
    assert number() == pytest.approx(1.1 * 940)
    assert number(rounds=50) == pytest.approx(1.1 * 100)
