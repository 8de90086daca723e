"""An earlier run, as a repetition needs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from yule_cli.errors import CaseError
from yule_cli.resolution import ResolvedCase
from yule_cli.resolution.code import describe_code
from yule_cli.state import State

__all__ = ["EarlierRun", "code_differences"]


@dataclass(frozen=True, kw_only=True)
class EarlierRun:
    """A run that may be repeated.

    Attributes:
        path: Its folder, as it was named.
        run_id: Its id.
        resolved: What it ran.
        state: Where it kept what it wrote.
        predictions_digest: Identity of the predictions that it published; None if it published
            none.
    """

    path: Path
    run_id: str
    resolved: ResolvedCase
    state: State
    predictions_digest: str | None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the folder of a run, `.yule/runs/<run id>`.

        Raises:
            CaseError: If there is none, or it is not complete.
        """
        if not path.is_dir():
            raise CaseError(
                [
                    f"There is no folder {path}. Name the folder of a run: `yule run` prints where "
                    "its resolved case is, and that is in it."
                ]
            )
        resolved = ResolvedCase.read(path / "resolved.json")
        folder = path.resolve()
        bucket = (
            resolved.store.removesuffix("/store") if resolved.store.startswith("gs://") else None
        )
        return cls(
            path=path,
            run_id=folder.name,
            resolved=resolved,
            state=State.at(folder.parents[1], bucket=bucket),
            predictions_digest=_summary(path / "run.json").get("predictions_digest"),
        )


def code_differences(earlier: ResolvedCase) -> Iterator[str]:
    """Say in what the code of an earlier run differs from the code that runs now."""
    then, now = earlier.code, describe_code()
    if then["commit"] != now["commit"]:
        yield f"commit {then['commit'] or 'unknown'}, now {now['commit'] or 'unknown'}"
    if then["python"] != now["python"]:
        yield f"Python {then['python']}, now {now['python']}"
    for name, version in now["packages"].items():
        if then["packages"].get(name) != version:
            yield f"{name} {then['packages'].get(name, 'unknown')}, now {version}"


def _summary(path: Path) -> dict[str, Any]:
    """The summary of a run; empty where it was cut short before it wrote one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
