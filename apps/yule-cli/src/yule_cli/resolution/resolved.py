"""The resolved case: the one input of the task graph."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from gokart_store import digest, write_whole

from yule_cli.errors import CaseError

__all__ = ["ResolvedCase"]

_SCHEMA = 4


@dataclass(frozen=True, kw_only=True)
class ResolvedCase:
    """All that the results of a run depend on, as JSON values.

    Attributes:
        case: Name of the case.
        store: Folder or gs:// URL of the stored results.
        source: Warehouse, its root folder, the checked catalogue, and the snapshot of each table.
        labels: Tables and columns of the labels, their horizon, and those of the targets.
        targets: What is learned: name and kind, the classes of a multiclass target, and whether it
            is auxiliary or weighs other than 1.
        features: Feature methods with all their options.
        spans: Seconds from the first to the last event of each table, by which `auto` chose the
            features; empty where the case lists them.
        models: Models with all their parameters, baselines among them.
        validation: The fold scheme, no longer `auto`, the number of folds there are, and where
            there are several, the number of repeats.
        fit_until: For each fold, of all repeats, until when features may learn from data without
            labels.
        ensemble: By target, the options of its ensemble.
        score: Population and its time, or the rows, each with its own; number of shards, prices of
            contacts.
        select: The steps by which each fold selects features; None: models are given all.
        explain: Whether models are explained, and how many reasons each scored row gets.
        threads: Threads of each fit.
        seed: Seed of the run.
        code: Versions, and the commit where known; recorded, not part of any identity.
        setup: The sections `run` and `tracking` of the case file, for a repetition; they change no
            result.
        deadline: The preset that a deadline chose, and the forecasts by which; None: there was
            none. `models` are that preset's.
    """

    case: str
    store: str
    source: dict[str, Any]
    labels: dict[str, Any]
    targets: list[dict[str, Any]]
    features: list[dict[str, Any]]
    spans: dict[str, int]
    models: list[dict[str, Any]]
    validation: dict[str, Any]
    fit_until: list[str]
    ensemble: dict[str, dict[str, Any]]
    score: dict[str, Any]
    select: dict[str, Any] | None
    explain: dict[str, Any]
    threads: int
    seed: int
    code: dict[str, Any]
    setup: dict[str, Any]
    deadline: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the fields and the schema's version."""
        return {"schema": _SCHEMA, **asdict(self)}

    def to_json(self) -> str:
        """Return the text of `resolved.json`."""
        return json.dumps(self.as_dict(), indent=2, sort_keys=True)

    def write(self, path: Path) -> None:
        """Write `resolved.json`."""
        write_whole(path, self.to_json() + "\n")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read `resolved.json`.

        Raises:
            CaseError: If the file is of another schema, or not a resolved case.
        """
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CaseError([f"{path} is not a resolved case: {error}."]) from error
        return cls.parse(content, str(path))

    @classmethod
    def parse(cls, content: bytes, place: str) -> Self:
        """Read the bytes of a `resolved.json`, which lies at a place.

        Raises:
            CaseError: If they are of another schema, or no resolved case.
        """
        try:
            fields = json.loads(content)
            schema = fields.pop("schema")
            if schema == _SCHEMA:
                return cls(**fields)
        except (ValueError, AttributeError, KeyError, TypeError) as error:
            raise CaseError([f"{place} is not a resolved case: {error}."]) from error
        problem = f"{place} has the schema {schema!r}; this version reads {_SCHEMA}. "
        raise CaseError([f"{problem}Run its case file again."])

    @property
    def digest(self) -> str:
        """The sha256 of the canonical JSON, without where things lie, who ran them, how and why."""
        fields = self.as_dict()
        del fields["store"], fields["code"], fields["setup"], fields["deadline"]
        fields["source"] = {name: fields["source"][name] for name in ("catalog", "snapshot")}
        return digest(fields)

    @property
    def predicted_targets(self) -> list[dict[str, Any]]:
        """The targets that are predicted: all but auxiliary ones."""
        return [target for target in self.targets if not target.get("auxiliary")]

    def headline(self) -> str:
        """Say in a sentence what would be computed."""
        if "rows" in self.score:
            scored = f"the rows of {self.score['rows']['table']} scored as of their times"
        else:
            scored = f"{self.score['population']} scored as of {self.score['as_of']}"
        return (
            f"{_count(len(self.features), 'feature method')}, {_count(len(self.models), 'model')} "
            f"on {self._folds()}; "
            f"{scored} in {_count(self.score['shards'], 'shard')}."
        )

    def _folds(self) -> str:
        folds = _count(self.validation["folds"], f"{self.validation['kind']} fold")
        repeats = self.validation.get("repeats", 1)
        return folds if repeats == 1 else f"{folds}, dealt {repeats} times"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
