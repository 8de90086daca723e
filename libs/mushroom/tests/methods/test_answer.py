import pyarrow as pa
import pytest
from mushroom import MethodError, parse_method
from mushroom.methods.answer import check_answer


def method(returns: str) -> object:
    return parse_method(f"/* returns: {returns} */ SELECT 1 AS a ORDER BY a", name="m")


SCHEMA = pa.schema(
    {
        "who": pa.string(),
        "n": pa.int64(),
        "sum": pa.decimal128(38, 2),
        "tags": pa.list_(pa.string()),
    }
)
FITS = "{who: {type: entity}, n: {type: int64}, sum: {type: numeric}, tags: {type: array<string>}}"


@pytest.mark.parametrize("returns", ["{}", FITS, '{n: {type: int64}, "*": {}}'])
def test_what_was_declared_is_taken(returns: str) -> None:
    check_answer(method(returns), SCHEMA)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("returns", "message"),
    [
        ("{who: {type: entity}}", "its column 'n' is not declared; its column 'sum' is not"),
        ('{x: {type: int64}, "*": {}}', "the column 'x' is declared, but not in it"),
        ('{n: {type: int64}, who: {type: entity}, "*": {}}', "in the order who, n, sum, tags"),
        ('{n: {type: string}, "*": {}}', "'n' is declared as string, and is of Arrow's type int64"),
        ('{tags: {type: array<int64>}, "*": {}}', "'tags' is declared as array<int64>, and is of"),
    ],
)
def test_another_answer_is_refused(returns: str, message: str) -> None:
    with pytest.raises(MethodError, match=f"m gave another result than it declares: .*{message}"):
        check_answer(method(returns), SCHEMA)  # type: ignore[arg-type]
