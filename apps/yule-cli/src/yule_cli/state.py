"""Where a case keeps everything that it writes."""

import os
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gokart_store import GokartStoreError, open_store

from yule_cli.config import Case, Document
from yule_cli.errors import CaseError

__all__ = ["RunFolder", "State"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/")
_RUNS = "runs"
_WAREHOUSE_CACHE = "side/warehouse"


@dataclass(frozen=True, kw_only=True)
class State:
    """The places of all state of the cases that share a `store`.

    Attributes:
        root: `.yule` beside the case file, or the folder that `store` names.
        bucket: Where `store` is a gs:// URL: there lies what is shared. Else None.
    """

    root: Path
    bucket: str | None = None

    @classmethod
    def of(cls, case: Case, document: Document) -> "State":
        """Return the state of a case.

        Raises:
            CaseError: If `store` names neither a folder nor a bucket, the folder cannot be made or
                written to, or the bucket cannot be read.
        """
        bucket = None
        if case.store is not None and _URL.match(case.store):
            bucket = _reachable(case.store, case, document)
        folder = ".yule" if bucket or case.store is None else case.store
        root = Path(os.path.realpath(document.path.absolute().parent / folder))
        try:
            return cls.at(root, bucket=bucket)
        except CaseError as error:
            path = ("store",) if case.store else ()
            problems = [document.problem(path, problem) for problem in error.problems]
            raise CaseError(problems) from error

    @classmethod
    def at(cls, root: Path, *, bucket: str | None = None) -> "State":
        """Return the state in a folder, which is made.

        Raises:
            CaseError: If it cannot be made or written to.
        """
        try:
            (root / _RUNS).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CaseError(
                [
                    f"The state folder {root} cannot be made: {error.strerror}. "
                    "Name another as `store`."
                ]
            ) from error
        if not os.access(root, os.W_OK):
            raise CaseError(
                [
                    f"The state folder {root} is read-only. "
                    "Make it writable, or name another as `store`."
                ]
            )
        return cls(root=root, bucket=bucket)

    @property
    def store(self) -> str:
        """Where results of tasks are stored, shared by all cases: a folder, or a gs:// URL."""
        return f"{self.bucket}/store" if self.bucket else str(self.root / "store")

    @property
    def warehouse_cache(self) -> Path:
        """A folder of this machine that remembers hashes of the warehouse's files."""
        if self.bucket:
            return open_store(self.store).side_folder(_WAREHOUSE_CACHE)
        return Path(self.store) / _WAREHOUSE_CACHE

    @property
    def predictions(self) -> Path:
        """Published predictions, by case, where they are published in a folder."""
        return self.root / "predictions"

    def new_run(self, case: str) -> "RunFolder":
        """Make the folder of a new run."""
        now = datetime.now(UTC)
        run_id = f"{case}-{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
        path = self.root / _RUNS / run_id
        path.mkdir(parents=True)
        return RunFolder(run_id=run_id, path=path, started_at=now)


def _reachable(url: str, case: Case, document: Document) -> str:
    """Return the URL of a bucket that answers, without a slash at its end."""
    if not url.startswith("gs://"):
        problem = (
            f"is {url!r}, but results are stored in folders and in gs:// only; name a folder, or "
            "gs://bucket/prefix."
        )
        raise CaseError([document.problem(("store",), problem)])
    try:
        store = open_store(url)
        store.read_bytes(f"predictions/{case.case}/latest.json")
    except GokartStoreError as error:
        raise CaseError([document.problem(("store",), f"cannot be used: {error}")]) from error
    return store.url


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
