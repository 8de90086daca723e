from pathlib import Path

import pytest
from yule_cli.config import load_case
from yule_cli.errors import CaseError

SHORTEST = """\
case: shop
warehouse: duckdb:data
catalog: catalog.yaml
labels:
  table: labels
  entity: customer_id
  as_of: as_of
  horizon: 60d
  targets: {purchased: binary}
score: {population: purchases}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(CaseError) as caught:
        load_case(path)
    return caught.value.problems


def test_the_shortest_file_is_enough(tmp_path: Path) -> None:
    case, document = load_case(write(tmp_path, SHORTEST))

    assert case.case == "shop"
    assert case.baselines == ["linear", "constant"]
    assert case.validation.scheme == "auto"
    assert document.line(("labels", "horizon")) == 8


def test_every_problem_is_reported_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = SHORTEST.replace("60d", "60").replace("case: shop", "case: my shop") + "seed: -1\n"

    assert problems(write(tmp_path, text)) == (
        "case.yaml:1: `case` is not valid: use letters, digits, - and _, at most 63, the first a "
        "letter, got 'my shop'.",
        "case.yaml:8: `labels.horizon` is not valid: input should be a valid string, got 60.",
        "case.yaml:11: `seed` is not valid: input should be greater than or equal to 0, got -1.",
    )


def test_a_near_name_is_suggested_for_an_unknown_field(tmp_path: Path) -> None:
    text = SHORTEST + "models:\n  - name: a\n    kind: gbdt\n    parms: {}\n"

    assert problems(write(tmp_path, text)) == (
        "case.yaml:14: `models[0].parms` is not a field of a case. Did you mean `params`?",
    )


def test_a_missing_field_is_explained(tmp_path: Path) -> None:
    text = SHORTEST.replace("  horizon: 60d\n", "")

    assert problems(write(tmp_path, text)) == (
        "case.yaml:4: `labels.horizon` is missing; it says: How far after `as_of` a label looks: "
        "60d, 12h, 8w.",
    )


def test_a_target_of_an_unknown_kind_is_one_problem(tmp_path: Path) -> None:
    text = SHORTEST.replace("purchased: binary", "purchased: binry")

    assert problems(write(tmp_path, text)) == (
        "case.yaml:9: `labels.targets.purchased` is not valid: input should be 'binary', got "
        "'binry'.",
    )
