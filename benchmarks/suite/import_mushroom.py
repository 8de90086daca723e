"""`import mushroom`, beside `import gokart`: what every notebook and command waits for."""

from __future__ import annotations

from statistics import median

from harness import Result, say, timed

_TURNS = 11
_MOST_MORE_S = 0.1
_IMPORTS = {
    "nothing": "pass",
    "gokart": "import gokart",
    "mushroom": "import mushroom",
    # What a first download or feature needs: gokart, DuckDB and sqlglot are loaded by then.
    "tasks": "from mushroom import Download, FeatureTable, Source, feature_tasks, load_catalog",
    "gokart_duckdb_sqlglot": "import duckdb, gokart, pyarrow.parquet, pydantic, sqlglot, yaml",
}


def measure() -> Result:
    """Import each in a process of its own, in turns, so that a busy machine slows all alike."""
    for statement in _IMPORTS.values():
        timed(["-c", statement])  # once, for the bytecode and the disk's cache
    seconds: dict[str, list[float]] = {name: [] for name in _IMPORTS}
    for turn in range(_TURNS):
        for name, statement in _IMPORTS.items():
            seconds[name].append(timed(["-c", statement])[0])
        say(
            f"Turn {turn + 1} of {_TURNS}: "
            + ", ".join(f"{n} {s[-1]:.2f}" for n, s in seconds.items())
        )
    ours, reference = median(seconds["mushroom"]), median(seconds["gokart"])
    return Result(
        ours=ours,
        reference=reference,
        unit="s, with the start of Python",
        goal=f"at most {_MOST_MORE_S} s more than gokart",
        is_met=ours <= reference + _MOST_MORE_S,
        details={f"{name}_s": median(times) for name, times in seconds.items()},
    )
