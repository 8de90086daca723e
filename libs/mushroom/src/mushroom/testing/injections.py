"""Attempts to smuggle SQL in, wherever somebody may give a value or a name."""

from __future__ import annotations

__all__ = ["INJECTIONS"]

INJECTIONS = (
    "x'; DROP TABLE orders; --",
    "' OR '1'='1",
    "x') UNION ALL SELECT name FROM secrets --",
    "x' UNION SELECT * FROM secrets; /*",
    '"; SELECT * FROM secrets; --',
    'a" FROM secrets --',
    "a` FROM `secrets` -- ",
    "`secrets`",
    "secrets",
    "main.secrets",
    "table:secrets",
    "a, (SELECT MAX(name) FROM secrets)",
    "(SELECT name FROM secrets)",
    "(TABLE secrets)",
    "read_parquet('secrets.parquet')",
    "read_text('/etc/passwd')",
    "'/etc/passwd'",
    "../secrets",
    "orders; ATTACH 'secrets.db'",
    "COPY (SELECT 1) TO 'out.csv'",
    "a /* */ FROM secrets",
    "a -- \n FROM secrets",
    "@since",
    "$since",
    "${env:HOME}",
    "{{ secrets }}",
    "%s",
    "\\'; SELECT 1; --",
    "x\x00' OR 1=1",
    "ʼ; SELECT * FROM secrets --",
    "１' OR '１'='１",
    "EXECUTE IMMEDIATE 'SELECT 1'",
    "getenv('HOME')",
    "current_setting('temp_directory')",
)
"""Values and names that read a table `secrets`, leave their quotes, or ask for the surroundings.

None of them is a name in a sensible warehouse, but the table itself may be called `secrets`.
"""
