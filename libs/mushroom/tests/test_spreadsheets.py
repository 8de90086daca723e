import pyarrow as pa
import pytest
from mushroom.spreadsheets import as_text, without_formulas

FORMULAS = ["=1+1", "+1", "-1", "@a", "\tx", "\rx", "\n=1", "＝1", "＋1", "－1", "＠a"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_would_be_computed_becomes_text(text: str) -> None:
    table = pa.table({"text": [text, "a=1", None], "n": [-1, 0, 1]})
    assert without_formulas(table).to_pydict() == {
        "text": [f"'{text}", "a=1", None],
        "n": [-1, 0, 1],
    }
    assert as_text(text) == f"'{text}"


def test_other_texts_stay() -> None:
    assert [as_text(text) for text in ("", "a", "1-1", "'=1", " =")] == [
        "",
        "a",
        "1-1",
        "'=1",
        " =",
    ]
