import pytest
from gokart_store import NewerEntryError, StoreAccessError, StoreWriteError
from yule_runner.failure import FailureKind, failure_of


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


def test_an_exception_comes_with_where_it_was_raised() -> None:
    failure = failure_of(raised(ValueError("five is no prime")))

    assert failure.kind is FailureKind.ERROR
    assert failure.cause == "ValueError: five is no prime"
    assert "in raised" in failure.traceback


@pytest.mark.parametrize("kind", [NewerEntryError, StoreAccessError, StoreWriteError])
def test_what_the_store_says_is_the_whole_message(kind: type[Exception]) -> None:
    failure = failure_of(raised(kind("The store is full. Free some space.")))

    assert failure.kind is FailureKind.ERROR
    assert failure.cause == "The store is full. Free some space."
    assert failure.traceback == ""
