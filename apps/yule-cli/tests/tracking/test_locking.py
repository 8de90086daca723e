import threading
from pathlib import Path

from yule_cli.tracking.locking import exclusive


def test_the_second_waits_for_the_first(tmp_path: Path) -> None:
    lock = tmp_path / "new" / "mlflow.db.lock"
    order: list[str] = []

    def second() -> None:
        with exclusive(lock):
            order.append("second")

    thread = threading.Thread(target=second)
    with exclusive(lock):
        thread.start()
        thread.join(timeout=0.2)
        order.append("first")
    thread.join()

    assert order == ["first", "second"]
