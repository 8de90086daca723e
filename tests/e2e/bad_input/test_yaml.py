"""Files that are no case, or no catalogue."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from refusal import Shop, refuse
from shop import CASE

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)


def edited(*changes: tuple[str, str]) -> str:
    text = CASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            edited(
                ("case: shop", "case: 7"),
                ("  horizon: 30d", "  horizn: 30d"),
                ("folds: 3", "folds: three"),
                ("shards: 2", "shards: 0"),
            ),
            [
                "case.yaml:1: `case` is not valid: input should be a valid string (put quotes "
                "round it), got 7.",
                "case.yaml:4: `labels.horizon` is missing; it says: How far after `as_of` a label "
                "looks: 60d, 12h, 8w.",
                "case.yaml:8: `labels.horizn` is not a field of a case. Did you mean `horizon`?",
                "case.yaml:17: `validation.folds` is not valid: input should be a valid integer, "
                "unable to parse string as an integer, got 'three'.",
                "case.yaml:18: `score.shards` is not valid: input should be greater than or equal "
                "to 1, got 0.",
            ],
            id="unknown, missing and wrong fields",
        ),
        pytest.param(
            edited(("  entity", "\tentity")),
            [
                "case.yaml:6: this is not valid YAML: found character '\\t' that cannot start any "
                "token. Indent with spaces, not with tabs.",
            ],
            id="tab",
        ),
        pytest.param(
            edited(
                ("  entity: customer", "  entity: customer\n  entity: user"),
                ("folds: 3", "folds: 3, folds: 4"),
            ),
            [
                "case.yaml:7: this line gives `labels.entity` a second time; line 6 does too.",
                "case.yaml:18: this line gives `validation.folds` a second time; line 18 does too.",
            ],
            id="keys that stand twice",
        ),
        pytest.param(
            edited(("case: shop", "case: &name shop"), ("table: labels", "table: *name")),
            ["case.yaml:5: *name is a YAML alias; write the value out."],
            id="alias",
        ),
        pytest.param(
            edited(("  table: labels", "  table: !!python/name:os.system")),
            [
                "case.yaml:5: this line has the YAML tag tag:yaml.org,2002:python/name:os.system; "
                "write plain values only.",
            ],
            id="tag",
        ),
        pytest.param(
            "- case\n", ["case.yaml:1: a mapping of fields is expected, got ['case']."], id="list"
        ),
        pytest.param(
            "shop", ["case.yaml:1: a mapping of fields is expected, got 'shop'."], id="text"
        ),
        pytest.param(
            "case: shop\nlabels: café\n".encode("latin-1"),
            ["case.yaml:2: the byte 0xe9 is not UTF-8; save the file as UTF-8."],
            id="Latin-1",
        ),
        pytest.param(
            "[" * 3000, ["case.yaml:1: this file is nested too deeply to be read."], id="nested"
        ),
    ],
)
def test_each_mistake_has_its_line(shop: Shop, text: str | bytes, said: list[str]) -> None:
    shop.case.write_bytes(text if isinstance(text, bytes) else text.encode())

    assert refuse(shop) == said


def test_a_run_refuses_the_same(shop: Shop) -> None:
    shop.case.write_text("")

    said = refuse(shop, "run", "--json")

    assert said == refuse(shop)
    assert [line.partition(";")[0] for line in said] == [
        f"case.yaml:1: `{name}` is missing"
        for name in ("case", "warehouse", "catalog", "labels", "score")
    ]


def test_a_few_lines_of_aliases_take_no_time_and_no_memory(shop: Shop) -> None:
    shop.case.write_text(LAUGHS)
    yule = str(Path(sys.executable).with_name("yule"))

    completed = subprocess.run(
        ["bash", "-c", 'ulimit -t 30 -v 2000000; exec "$@"', "bash", yule, "validate", shop.case],
        capture_output=True,
        text=True,
        check=False,
    )

    assert completed.returncode == 2
    assert completed.stderr == "case.yaml:2: *a0 is a YAML alias; write the value out.\n"


def test_a_file_that_is_not_there_or_is_a_folder(shop: Shop) -> None:
    assert refuse(shop, case=shop.folder / "cases.yaml") == [
        "There is no file cases.yaml; check the path."
    ]
    assert refuse(shop, case=shop.folder / "data") == ["data is a folder; name a YAML file."]


def test_a_missing_catalogue_and_a_missing_data_folder_are_told_together(shop: Shop) -> None:
    shop.catalog.unlink()
    shutil.rmtree(shop.folder / "data")

    assert refuse(shop, "run") == [
        "case.yaml:2: `warehouse` cannot be used: There is no warehouse at data: neither a folder "
        "nor a file.",
        "case.yaml:3: `catalog` cannot be used: There is no file catalog.yaml; check the path.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            LAUGHS, "catalog.yaml:2: *a0 is a YAML alias; write the value out.", id="aliases"
        ),
        pytest.param(
            "timezone: UTC\ntables:\n  a: {kind: events}\n  a: {kind: events}\n",
            "catalog.yaml:4: this line gives `tables.a` a second time; line 3 does too.",
            id="twice",
        ),
    ],
)
def test_a_catalogue_is_read_as_strictly(shop: Shop, text: str, said: str) -> None:
    shop.catalog.write_text(text)

    assert refuse(shop) == [f"case.yaml:3: `catalog` cannot be used: {said}"]
