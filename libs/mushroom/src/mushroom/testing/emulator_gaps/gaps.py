"""The list of gaps: ten at most, each with what is asked of the emulator and what it answers.

Where the emulator catches up, the test of the list fails, and the entry goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["DEVIATIONS", "GAPS", "Gap"]

_SUMMER = "TIMESTAMP '2024-03-31 01:30:15.250000+00'"
_NO_ZONE = (
    'error: Conversion Error: time field value out of range: "Europe/Berlin", expected format is '
    "([YYYY-MM-DD ]HH:MM:SS[.MS])."
)
_NO_WEEK = 'error: Conversion Error: extract specifier "ISOWEEK" not recognized.'


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One thing that the emulator lacks.

    Attributes:
        name: What it is.
        bigquery: What BigQuery does, by its public reference.
        requests: By the name of a request (`requests.REQUESTS`), what the emulator answers.
        expressions: By an expression of the functions' contract, what the emulator answers.
    """

    name: str
    bigquery: str
    requests: Mapping[str, str] = field(default_factory=dict)
    expressions: Mapping[str, str] = field(default_factory=dict)


GAPS = (
    Gap(
        name="tables' metadata",
        bigquery="tables.get tells what a view, an external or a streaming table is, when a table "
        "was changed last, and when it expires.",
        requests={
            "the definition of a view": "None",
            "the type and place of an external table": "TABLE None",
            "the streaming buffer": "None",
            "whether writing changes the last modification": "False",
            "when a table expires": "None",
        },
    ),
    Gap(
        name="jobs' metadata",
        bigquery="jobs.get tells the bytes of a dry run, and labels.",
        requests={
            "the bytes of a dry run": "0",
            "the labels of a job": "{}",
        },
    ),
    Gap(
        name="load jobs",
        bigquery="A load job is found under the name that its upload gives, and tells how many "
        "rows it loaded. It finds Parquet's columns by their names; WRITE_TRUNCATE replaces the "
        "schema, too.",
        requests={
            "a load job by its name": "error: Not found: job:PROJECT.mine.",
            "the rows that a load job added": "4",
            "load columns in another order": "error: Loading rows into PROJECT.shop.t failed: "
            "Error while reading data, error message: Conversion Error: Unimplemented type for "
            "cast (DATE -> BIGINT) when casting from source column day.",
            "replace columns": "['x', 'day']",
        },
    ),
    Gap(
        name="permissions and limits",
        bigquery="A caller without credentials is refused by 401, one without a role by 403, and a "
        "query beyond its maximumBytesBilled is not run.",
        requests={
            "a query without credentials": "1",
            "a query beyond what may be billed": "2",
        },
    ),
    Gap(
        name="decorators of tables' names",
        bigquery="`table$20260102` is a partition, and `table@1795679623458` a table in the past.",
        requests={
            "load a partition": "error: Loading rows into PROJECT.shop.p$20260102 failed: Invalid "
            "table id for SQL: 'p$20260102'.",
            "copy the past": "error: Not found: table:PROJECT.shop.t@1795679623458.",
        },
    ),
    Gap(
        name="empty arrays of structs",
        bigquery="A parameter's type says its fields, whether it has elements or not.",
        requests={
            "unnest an empty array": "error: Query execution failed: Binder Error: Cannot extract "
            "field 'x' from expression \"r\" because it is not a struct, union, map, or json."
        },
    ),
    Gap(
        name="Storage Reads of results, and from an offset",
        bigquery="The anonymous table of a result is read like any other, and a stream from any of "
        "its rows.",
        requests={
            "read a result": "error: Table read failed: Catalog Error: Table with name "
            '"PROJECT___bqemu_anonymous.anonRANDOM" does not exist because schema '
            '"PROJECT___bqemu_anonymous" does not exist.',
            "read from the second row": "2",
        },
    ),
    Gap(
        name="casts and texts",
        bigquery="A half is cast away from zero, and a NUMERIC has nine decimals. A text has no "
        "zeros after a number, no sign of a zero, and three or six decimals of seconds, or none; "
        "no text but digits is an INT64, none but true and false a BOOL, and no number has a _. "
        "LIKE knows a backslash, and TRIM all white space. SUBSTR begins at the beginning where "
        "it is asked to begin before it, and ARRAY_CONCAT of NULL is NULL.",
        expressions={
            "CAST(2.5 AS INT64)": "INT64 2",
            "(SELECT MAX(CAST(x AS INT64)) FROM UNNEST([2.5, 0.5]) AS x)": "INT64 2",
            "CAST(-2.5 AS INT64)": "INT64 -2",
            "SAFE_CAST('2.7' AS INT64)": "INT64 3",
            "SAFE_CAST('1e3' AS INT64)": "INT64 1000",
            "SAFE_CAST(2.5 AS INT64)": "INT64 2",
            "SAFE_CAST('yes' AS BOOL)": "BOOL true",
            "SAFE_CAST('1_000' AS FLOAT64)": "FLOAT64 1000",
            "SAFE_CAST('1_000' AS NUMERIC)": "NUMERIC 1000",
            "CAST('1.23456789' AS NUMERIC)": "NUMERIC 1.235",
            "CAST(1.0 AS STRING)": "STRING 1.0",
            "CAST(-0.0 AS STRING)": "STRING -0.0",
            "CAST(CAST('1e15' AS FLOAT64) AS STRING)": "STRING 1000000000000000.0",
            "CAST(CAST('100' AS NUMERIC) AS STRING)": "STRING 100.000",
            "CAST(CAST('-1.50' AS NUMERIC) AS STRING)": "STRING -1.500",
            "CAST(CONCAT(CAST(1.0 AS STRING), 'a') AS STRING)": "STRING 1.0a",
            "CAST(TIMESTAMP '2024-01-02 03:04:05.25+00' AS STRING)": (
                "STRING 2024-01-02 03:04:05.25+00"
            ),
            "CAST(DATETIME '2024-01-02 03:04:05.0012' AS STRING)": (
                "STRING 2024-01-02 03:04:05.0012"
            ),
            "'a%c' LIKE 'a\\\\%c'": "BOOL false",
            "'a_c' NOT LIKE CONCAT('a', '\\\\_', 'c')": "BOOL true",
            "LTRIM('\\ta')": "STRING \ta",
            "RTRIM('a\\n')": "STRING a\n",
            "TRIM('\\u3000\\ta\\n')": "STRING \ta\n",
            "SUBSTR('abcdef', 0, 2)": "STRING a",
            "SUBSTR('abcdef', -9, 2)": "STRING ",
            "ARRAY_CONCAT([1], CAST(NULL AS ARRAY<INT64>)) IS NULL": "BOOL false",
        },
    ),
    Gap(
        name="time zones that are parameters",
        bigquery="A time zone is any STRING.",
        expressions={
            f"DATETIME({_SUMMER}, @zone)": _NO_ZONE,
            f"EXTRACT(HOUR FROM {_SUMMER} AT TIME ZONE @zone)": _NO_ZONE,
            "TIMESTAMP(DATE '2024-03-31', @zone)": (
                'error: Parser Error: syntax error at or near "CAST".'
            ),
        },
    ),
    Gap(
        name="truncated dates and whole intervals",
        bigquery="Weeks may begin on any day, and hours where a zone's do; a DATE stays one. "
        "TIMESTAMP_DIFF counts whole intervals, and not the boundaries between them; UNIX_SECONDS "
        "and UNIX_MILLIS round down.",
        expressions={
            "DATE_DIFF(DATE '2024-04-01', DATE '2024-03-31', ISOWEEK)": "INT64 0",
            "DATE_TRUNC(DATE '2024-03-31', ISOWEEK)": _NO_WEEK,
            "DATE_TRUNC(DATE '2024-03-31', WEEK(MONDAY))": "DATE 2024-03-31",
            "(SELECT MIN(DATE_TRUNC(d, MONTH)) FROM UNNEST([DATE '2024-03-31']) AS d)": (
                "DATETIME 2024-03-01T00:00:00"
            ),
            "TIMESTAMP_DIFF(TIMESTAMP '2024-01-02 01:00:00+00', "
            "TIMESTAMP '2024-01-01 23:00:00+00', DAY)": "INT64 1",
            "TIMESTAMP_DIFF(TIMESTAMP '2024-01-01 00:00:02.1+00', "
            "TIMESTAMP '2024-01-01 00:00:00.9+00', SECOND)": "INT64 2",
            "TIMESTAMP_DIFF(TIMESTAMP '2024-01-01 00:00:00.9+00', "
            "TIMESTAMP '2024-01-01 00:00:02.1+00', SECOND)": "INT64 -2",
            "LAST_DAY(DATE '2024-11-15', WEEK(MONDAY))": "DATE 2024-11-30",
            "TIMESTAMP_TRUNC(TIMESTAMP '2024-03-31 01:50:15+00', HOUR, 'Asia/Kolkata')": (
                "TIMESTAMP 2024-03-31T01:00:00Z"
            ),
            "TIMESTAMP_TRUNC(TIMESTAMP '2024-03-31 01:30:15+00', WEEK(MONDAY), 'Europe/Berlin')": (
                'error: Binder Error: Referenced column "MONDAY" was not found because the FROM '
                "clause is missing."
            ),
            "UNIX_MILLIS(TIMESTAMP '1969-12-31 23:59:59.9995+00')": "INT64 0",
            "UNIX_SECONDS(TIMESTAMP '2024-03-31 01:30:15.750000+00')": "INT64 1711848616",
            "UNIX_SECONDS(TIMESTAMP '1969-12-31 23:59:59.5+00')": "INT64 0",
        },
    ),
)

DEVIATIONS: Mapping[str, str] = {
    asked: answer for gap in GAPS for asked, answer in gap.expressions.items()
}
"""The answers to expressions, of all gaps."""
