from pathlib import Path

import pytest
from yule_cli.config import load_case
from yule_cli.errors import CaseError
from yule_models import preset_models

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
    assert case.threads == 1
    assert document.line(("labels", "horizon")) == 8


def test_a_preset_stands_for_its_models(tmp_path: Path) -> None:
    case, _ = load_case(write(tmp_path, SHORTEST + "models: balanced\n"))

    assert case.models is not None
    assert [(model.name, model.kind, model.params) for model in case.models] == [
        (model.name, model.kind, model.params) for model in preset_models("balanced")
    ]
    assert all(model.candidate for model in case.models)


def test_a_near_preset_is_suggested_for_an_unknown_one(tmp_path: Path) -> None:
    assert problems(write(tmp_path, SHORTEST + "models: bets\n")) == (
        "case.yaml:11: `models` is not valid: there is no preset 'bets' of models; did you mean "
        "'best', got 'bets'.",
    )


def test_every_problem_is_reported_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = SHORTEST.replace("60d", "60").replace("case: shop", "case: my shop") + "seed: -1\n"

    assert problems(write(tmp_path, text)) == (
        "case.yaml:1: `case` is not valid: use letters of English, digits, - and _, at most 63, "
        "the first a letter, got 'my shop'.",
        "case.yaml:8: `labels.horizon` is not valid: write a number and a unit of h, d or w, as in "
        "60d, got 60.",
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
        "case.yaml:9: `labels.targets.purchased` is not valid: input should be 'binary', "
        "'multiclass' or 'regression', got 'binry'.",
    )


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("{y: {classes: [a, b]}}", "only a multiclass target has classes, and this one is binary"),
        ("{y: {kind: multiclass, classes: [a, a]}}", "name at least two classes, each once"),
        ("{y: {kind: multiclass, classes: [a, 1]}}", "write all classes as text, or all as whole"),
        ("{y: {kind: multiclass, classes: [1.5, 2]}}", "input should be a valid "),
        (
            "{次: binary}",
            "the first a letter, and say the column that it is in by `column`, got '次'",
        ),
        ("{model_version: binary}", "model_version is a column of Yule's own; give the target"),
    ],
)
def test_impossible_targets_are_refused(tmp_path: Path, target: str, message: str) -> None:
    text = SHORTEST.replace("{purchased: binary}", target)

    assert message in "\n".join(problems(write(tmp_path, text)))


def test_no_credentials_are_repeated(tmp_path: Path) -> None:
    text = SHORTEST.replace("duckdb:data", "postgres://me:canary@host") + (
        "store: s3://canary@bucket\n"
        "tracking: {uri: 'http://me:canary@host', experiment: [http://me:canary@host]}\n"
    )

    found = problems(write(tmp_path, text))

    assert [line[:35] for line in found] == [
        "case.yaml:2: `warehouse` holds a us",
        "case.yaml:11: `store` holds a user ",
        "case.yaml:12: `tracking.uri` holds ",
        "case.yaml:12: `tracking.experiment[",
        "case.yaml:12: `tracking.experiment`",
    ]
    assert "canary" not in str(found)


def test_secrets_are_named_only_where_they_are_read(tmp_path: Path) -> None:
    text = SHORTEST + "store: ${env:STORE}\ntracking: {uri: '${env:URI}'}\n"

    assert problems(write(tmp_path, text)) == (
        "case.yaml:11: `store` is '${env:STORE}', but no secret is read here; only `tracking.uri` "
        "may name one.",
    )
