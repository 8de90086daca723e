"""Queries side by side: in order, a few at a time, and none that goes on unasked."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import duckdb
import pytest
from mushroom.warehouse.duckdb.abreast import abreast

ENDLESS = "SELECT sum(a.range * b.range) FROM range(10_000_000) AS a, range(10_000_000) AS b"


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def answered(text: str, connection: duckdb.DuckDBPyConnection) -> object:
    [[value]] = connection.execute(text).fetchall()
    return value


def late(number: int, connection: duckdb.DuckDBPyConnection) -> int:
    time.sleep(0.02 * (number % 3))
    return number


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_come_in_the_order_of_the_jobs(
    connection: duckdb.DuckDBPyConnection, threads: int
) -> None:
    jobs = [partial(late, number) for number in range(9, -1, -1)]
    assert [*abreast(connection, jobs, threads=threads)] == [*range(9, -1, -1)]


def test_no_jobs_give_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    assert not [*abreast(connection, [], threads=2)]


def test_as_many_run_at_a_time_as_there_are_threads(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    together = threading.Barrier(3, timeout=20)

    def meet(connection: duckdb.DuckDBPyConnection) -> object:
        together.wait()
        return answered("SELECT current_setting('threads')", connection)

    assert [*abreast(connection, [meet] * 6, threads=3)] == [1] * 6


def test_a_connection_has_the_database_the_time_zone_and_tables_of_its_own(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("CREATE TABLE t AS SELECT 7 AS x")

    def made(connection: duckdb.DuckDBPyConnection) -> object:
        connection.execute("CREATE OR REPLACE TEMP VIEW mine AS FROM t")
        return answered("SELECT x || current_setting('TimeZone') FROM mine", connection)

    assert [*abreast(connection, [made, made], threads=2)] == ["7UTC", "7UTC"]
    with pytest.raises(duckdb.CatalogException):
        connection.execute("FROM mine")


def test_jobs_are_drawn_when_it_is_their_turn(connection: duckdb.DuckDBPyConnection) -> None:
    drawn: list[int] = []

    def jobs() -> Iterator[Callable[[duckdb.DuckDBPyConnection], int]]:
        for number in range(10):
            drawn.append(number)
            yield partial(late, number)

    with closing(abreast(connection, jobs(), threads=2)) as results:
        for taken in range(10):
            assert next(results) == taken
            assert len(drawn) <= taken + 4


@pytest.mark.parametrize("is_closed", [True, False])
def test_nothing_goes_on_when_one_fails_or_nobody_draws(
    connection: duckdb.DuckDBPyConnection, *, is_closed: bool
) -> None:
    first = "SELECT 1" if is_closed else "SELECT error('odd')"
    jobs = [partial(answered, text) for text in (first, *[ENDLESS] * 5)]
    before, started = threading.active_count(), time.monotonic()
    if is_closed:
        with closing(abreast(connection, jobs, threads=2)) as results:
            assert next(results) == 1
    else:
        with pytest.raises(duckdb.Error, match="odd"):
            next(abreast(connection, jobs, threads=2))
    assert time.monotonic() - started < 30
    assert threading.active_count() == before
