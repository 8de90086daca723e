"""Where a case keeps everything that it writes."""

import os
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from yule_cli.config import Case, Document
from yule_cli.errors import CaseError

__all__ = ["RunFolder", "State"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/")


@dataclass(frozen=True, kw_only=True)
class State:
    """The folders of all state of the cases that share a `store`.

    Attributes:
        root: `.yule` beside the case file, or the folder that `store` names.
    """

    root: Path

    @classmethod
    def of(cls, case: Case, document: Document) -> "State":
        """Return the state of a case.

        Raises:
            CaseError: If `store` is no folder, or the folder cannot be made or written to.
        """
        if case.store is not None and _URL.match(case.store):
            problem = f"is {case.store!r}, but results are stored in folders only; name a folder."
            raise CaseError([document.problem(("store",), problem)])
        root = (document.path.absolute().parent / (case.store or ".yule")).resolve()
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            problem = (
                f"The state folder {root} cannot be made: {error.strerror}. "
                "Name another as `store`."
            )
            raise CaseError(
                [document.problem(("store",) if case.store else (), problem)]
            ) from error
        if not os.access(root, os.W_OK):
            problem = (
                f"The state folder {root} is read-only. "
                "Make it writable, or name another as `store`."
            )
            raise CaseError([document.problem(("store",) if case.store else (), problem)])
        return cls(root=root)

    @property
    def store(self) -> Path:
        """Results of tasks, shared by all cases."""
        return self.root / "store"

    @property
    def predictions(self) -> Path:
        """Published predictions, by case."""
        return self.root / "predictions"

    def new_run(self, case: str) -> "RunFolder":
        """Make the folder of a new run."""
        now = datetime.now(UTC)
        run_id = f"{case}-{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
        path = self.root / "runs" / run_id
        path.mkdir(parents=True)
        return RunFolder(run_id=run_id, path=path, started_at=now)


@dataclass(frozen=True, kw_only=True)
class RunFolder:
    """What belongs to one run alone.

    Attributes:
        run_id: Case, start in UTC, and six random digits.
        path: The folder.
        started_at: Start of the run, in UTC.
    """

    run_id: str
    path: Path
    started_at: datetime

    @property
    def resolved(self) -> Path:
        """The resolved case: all that the results depend on."""
        return self.path / "resolved.json"

    @property
    def report(self) -> Path:
        """The report, one HTML file."""
        return self.path / "report.html"

    @property
    def summary(self) -> Path:
        """The summary, as `yule run --json` prints it."""
        return self.path / "run.json"

    @property
    def orders(self) -> Path:
        """Work orders."""
        return self.path / "orders"

    @property
    def logs(self) -> Path:
        """What workers and their tasks print."""
        return self.path / "logs"

    @property
    def tensorboard(self) -> Path:
        """Links to the learning curves of all fits."""
        return self.path / "tensorboard"
