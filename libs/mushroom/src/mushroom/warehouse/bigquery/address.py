"""What a `bigquery://` URL says: where the tables lie, and what may be spent on reading them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from mushroom.errors import WarehouseError
from mushroom.names import suggest

__all__ = ["FORM", "Address", "TableName"]

FORM = "bigquery://PROJECT/DATASET?location=EU"

_PROJECT = re.compile(r"([a-z0-9.-]+:)?[a-z][a-z0-9-]*")
_DATASET = re.compile(r"\w+", re.ASCII)
_TABLE = re.compile(r"[\w -]+")
_LOCATION = re.compile(r"[A-Za-z0-9-]+")
_DECLARED = "snapshot."
_OPTIONS = (
    "billing",
    "currency",
    "keep_days",
    "keep_inputs",
    "location",
    "max_gib",
    "price_per_tib",
    "run_max_gib",
    "scratch",
)
_GIB = 2**30
_MOST_DAYS = 36_500


@dataclass(frozen=True, kw_only=True)
class TableName:
    """A table by its full name."""

    project: str
    dataset: str
    table: str

    def __str__(self) -> str:
        return f"{self.project}.{self.dataset}.{self.table}"


@dataclass(frozen=True, kw_only=True)
class Address:
    """A parsed URL.

    Attributes:
        project: Where the tables lie.
        dataset: The dataset of tables that are named without one.
        billing: The project that runs and pays the jobs.
        location: Where jobs run; None: where the dataset lies.
        scratch: The dataset that temporary tables of larger local rows go to.
        max_bytes: What one query may read; None: no limit.
        run_max_bytes: What all queries of a run may read together; None: no limit.
        price_per_tib: What reading a TiB costs.
        currency: What the price is in.
        kept: The dataset in which planned runs keep what they read; None: they keep nothing.
        kept_for: How long it is kept there; None: until somebody deletes it.
        declared: Identities of tables that cannot tell their own, by their name in the catalogue.
    """

    project: str
    dataset: str
    billing: str
    location: str | None
    scratch: str
    max_bytes: int | None
    run_max_bytes: int | None
    price_per_tib: Decimal
    currency: str
    kept: str | None = None
    kept_for: timedelta | None = None
    declared: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, url: str) -> Self:
        """Parse `bigquery://PROJECT/DATASET`, with options as its query.

        Raises:
            WarehouseError: A part is missing, unknown or not well formed, or holds credentials.
        """
        parts = urlsplit(url)
        if "@" in parts.netloc:
            raise WarehouseError(
                "A warehouse's URL holds no credentials: BigQuery takes the application default "
                f"credentials of the machine. Write {FORM}."
            )
        dataset = parts.path.removeprefix("/")
        if parts.scheme != "bigquery" or parts.fragment or not _PROJECT.fullmatch(parts.netloc):
            raise WarehouseError(f"{url!r} is no address of a BigQuery dataset; write {FORM}.")
        given = parse_qsl(parts.query, keep_blank_values=True)
        options = dict(given)
        if len(options) != len(given):
            raise WarehouseError(f"{url!r} gives an option twice; give each of them once.")
        declared = {
            name.removeprefix(_DECLARED): options.pop(name)
            for name in list(options)
            if name.startswith(_DECLARED)
        }
        for name in options:
            if name not in _OPTIONS:
                raise WarehouseError(
                    f"{url!r} has the unknown option {name!r}; {suggest(name, _OPTIONS)}"
                )
        return cls(
            project=parts.netloc,
            dataset=_matching(_DATASET, dataset, "dataset"),
            billing=_matching(_PROJECT, options.get("billing", parts.netloc), "project to bill"),
            location=_matching(_LOCATION, options["location"], "location")
            if "location" in options
            else None,
            scratch=_matching(_DATASET, options.get("scratch", dataset), "scratch dataset"),
            max_bytes=_bytes(options, "max_gib"),
            run_max_bytes=_bytes(options, "run_max_gib"),
            price_per_tib=_number("price_per_tib", options.get("price_per_tib", "6.25")),
            currency=options.get("currency", "USD"),
            kept=_matching(_DATASET, options["keep_inputs"], "dataset for kept inputs")
            if "keep_inputs" in options
            else None,
            kept_for=_days(options),
            declared=declared,
        )

    def table(self, name: str) -> TableName:
        """The table that `table`, `dataset.table` or `project.dataset.table` means.

        Raises:
            WarehouseError: The name is none of these.
        """
        *above, table = name.split(".")
        if len(above) > 2 or not _TABLE.fullmatch(table):
            raise WarehouseError(
                f"{name!r} is no name of a table; write table, dataset.table or "
                "project.dataset.table."
            )
        *project, dataset = above or [self.dataset]
        return TableName(
            project=_matching(_PROJECT, project[0] if project else self.project, "project"),
            dataset=_matching(_DATASET, dataset, "dataset"),
            table=table,
        )


def _matching(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise WarehouseError(f"{text!r} cannot be the name of a {what} in BigQuery.")
    return text


def _bytes(options: Mapping[str, str], name: str) -> int | None:
    return int(_number(name, options[name]) * _GIB) if name in options else None


def _days(options: Mapping[str, str]) -> timedelta | None:
    if "keep_days" not in options:
        return None
    if "keep_inputs" not in options:
        raise WarehouseError(
            "The warehouse's option 'keep_days' says how long inputs are kept: name the dataset to "
            "keep them in as 'keep_inputs', too."
        )
    days = _number("keep_days", options["keep_days"])
    if not 1 <= days <= _MOST_DAYS:
        raise WarehouseError(
            f"The warehouse's option 'keep_days' must be between 1 and {_MOST_DAYS}, got "
            f"{options['keep_days']!r}."
        )
    return timedelta(days=float(days))


def _number(name: str, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0:
        raise WarehouseError(f"The warehouse's option {name!r} must be a number, got {text!r}.")
    return number
