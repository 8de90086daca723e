"""What is counted of a case, and what its tasks are thought to take."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from gokart_store import run_task
from yule_cli.config import load_case
from yule_cli.deadline.forecast import forecast
from yule_cli.deadline.sizes import CaseSizes
from yule_cli.graph import CaseGraph, compose
from yule_cli.resolution import ResolvedCase, resolve
from yule_cli.state import State
from yule_models.effort import Effort


@pytest.fixture
def composed(case: Path) -> tuple[ResolvedCase, CaseGraph]:
    case.write_text(case.read_text() + "models: fast\nbaselines: [constant]\n")
    loaded, document = load_case(case)
    resolved = resolve(loaded, document, State.of(loaded, document))
    return resolved, compose(resolved)


def one_second(_: Mapping[str, Any]) -> Effort:
    return Effort(start_s=1.0, row_s=0.0, predict_s=0.0)


def test_sizes_are_those_of_the_tables_that_come_out(
    composed: tuple[ResolvedCase, CaseGraph],
) -> None:
    _, graph = composed
    sizes = CaseSizes.of(graph, rows=24)
    assert (sizes.rows, sizes.scored) == (24, 12)
    assert sizes.table_rows == {"orders": 12}
    run_task(graph.labels)
    (described,) = [task for task in graph.features if task.upstream() == (graph.labels,)]
    run_task(described)
    shard = described.result().shard(0)
    facts = [name for name in shard.column_names if ":" in name]
    assert sizes.columns == shard.num_columns - 2 - len(facts)
    assert sizes.read_by(described) == 12
    assert pq.read_table(Path(graph.labels.root) / "data/orders.parquet").num_rows == 12


def test_fits_are_added_up_and_shared_out(composed: tuple[ResolvedCase, CaseGraph]) -> None:
    resolved, graph = composed
    sizes = CaseSizes.of(graph, rows=24)
    one, two = (forecast(graph, resolved, sizes, one_second, at_once=at_once) for at_once in (1, 2))
    fits = len(graph.fits)
    assert fits == 3  # one fold of gbdt, one of linear, one of the constant
    assert one.stages["training"] == pytest.approx(1.4 * fits)
    assert two.stages["training"] == pytest.approx(1.4 * fits / 2)
    assert one.seconds == pytest.approx(12 + sum(one.stages.values()))


def test_a_stage_takes_at_least_its_longest_task(
    composed: tuple[ResolvedCase, CaseGraph],
) -> None:
    resolved, graph = composed

    def uneven(model: Mapping[str, Any]) -> Effort:
        return Effort(start_s=60.0 if model["kind"] == "gbdt" else 0.0, row_s=0, predict_s=0)

    found = forecast(graph, resolved, CaseSizes.of(graph, rows=24), uneven, at_once=8)
    assert found.stages["training"] == pytest.approx(60.4)


def test_what_is_stored_takes_nothing(composed: tuple[ResolvedCase, CaseGraph]) -> None:
    resolved, graph = composed
    sizes = CaseSizes.of(graph, rows=24)
    before = forecast(graph, resolved, sizes, one_second, at_once=1)
    run_task(graph.labels)
    run_task(graph.population)
    after = forecast(graph, resolved, sizes, one_second, at_once=1)
    assert "entities" in before.stages
    assert "entities" not in after.stages
    assert after.seconds < before.seconds
