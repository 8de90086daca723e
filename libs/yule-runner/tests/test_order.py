from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yule_runner import GraphSource, OrderError, OrderFile, WorkOrder, read_order, write_order

ORDER = WorkOrder(
    source=GraphSource(factory="shop", arguments={"city": "Århus"}), task_ids=("a", "b"), attempt=2
)


def test_an_order_is_one_line_of_json(tmp_path: Path) -> None:
    file = write_order(ORDER, tmp_path / "orders", name="Fit")
    text = file.path.read_text(encoding="utf-8")
    assert text == (
        '{"arguments":{"city":"Århus"},"attempt":2,"factory":"shop",'
        '"task_ids":["a","b"],"version":1}'
    )
    assert file.path.name == f"Fit-{file.sha256[:12]}.json"
    assert read_order(file) == ORDER
    assert write_order(ORDER, tmp_path / "orders", name="Fit") == file
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name]


def test_a_changed_order_is_refused(tmp_path: Path) -> None:
    file = write_order(ORDER, tmp_path, name="Fit")
    file.path.write_text(file.path.read_text().replace('"a"', '"c"'))
    with pytest.raises(OrderError, match=f"was changed: .* but {file.sha256} was announced"):
        read_order(file)


def test_a_missing_order_is_named(tmp_path: Path) -> None:
    with pytest.raises(OrderError, match=r"nothing\.json cannot be read: No such file"):
        read_order(OrderFile(path=tmp_path / "nothing.json", sha256="0" * 64))


@pytest.mark.parametrize("text", ["[]", "{", '{"version":2}', '{"version":1,"factory":"f"}'])
def test_what_is_no_order_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "order.json"
    path.write_text(text)
    with pytest.raises(OrderError, match="is not an order of version 1"):
        read_order(OrderFile(path=path, sha256=hashlib.sha256(text.encode()).hexdigest()))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=8,
)


@given(arguments=st.dictionaries(st.text(), JSON), task_ids=st.lists(st.text()))
def test_orders_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, arguments: dict[str, object], task_ids: list[str]
) -> None:
    order = WorkOrder(
        source=GraphSource(factory="f", arguments=arguments), task_ids=tuple(task_ids)
    )
    folder = tmp_path_factory.getbasetemp() / "orders"
    assert read_order(write_order(order, folder, name="any")) == order
