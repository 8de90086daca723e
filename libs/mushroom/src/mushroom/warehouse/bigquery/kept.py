"""What a run reads, kept beyond the days that BigQuery travels back: snapshots in a dataset."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from mushroom.errors import SnapshotChangedError, WarehouseError
from mushroom.warehouse.bigquery.address import Address, TableName
from mushroom.warehouse.bigquery.compile import table_rows
from mushroom.warehouse.bigquery.connection import Connection
from mushroom.warehouse.bigquery.refusals import refusals
from mushroom.warehouse.bigquery.tables import Tables

if TYPE_CHECKING:
    from google.cloud.bigquery import CopyJob

__all__ = ["KeptInputs"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class KeptInputs:
    """The tables of one plan, each as it was at the plan's moment.

    A base table becomes a table snapshot, of which BigQuery stores, and bills, only what the table
    itself no longer holds. A view becomes a view of the same text over the snapshots of its base
    tables. Their names tell the table and the moment, so that keeping twice keeps once.

    Args:
        address: Where the tables lie, and the dataset to keep them in.
        connection: The clients.
        moment: The plan's moment.
    """

    def __init__(self, address: Address, connection: Connection, moment: datetime) -> None:
        if address.kept is None:
            raise ValueError("The address names no dataset for kept inputs.")
        self._address, self._dataset = address, address.kept
        self._connection = connection
        self._moment = moment

    def name(self, table: TableName) -> TableName:
        """The table or view that keeps a table."""
        stamp = f"{self._moment.astimezone(UTC):%Y%m%dT%H%M%S%f}"
        # Tables of one name may lie in several datasets.
        origin = hashlib.sha256(str(table).encode()).hexdigest()[:8]
        return TableName(
            project=self._address.billing,
            dataset=self._dataset,
            table=f"{table.table}_{stamp}_{origin}",
        )

    def keep(self, names: Iterable[str], tables: Tables) -> None:
        """Keep tables, all at once; what is kept already stays.

        Args:
            names: The tables, by their names in the catalogue.
            tables: Their metadata at the plan's moment.

        Raises:
            WarehouseError: One cannot be kept, or BigQuery refused it.
        """
        wanted = sorted(set(names))
        if declared := [name for name in wanted if name in self._address.declared]:
            raise WarehouseError(
                f"The state of {', '.join(declared)} is declared, since BigQuery does not tell it; "
                "such a table cannot be kept as it was. Copy it into a plain table and name that, "
                "or leave out the warehouse's option 'keep_inputs'."
            )
        bases = {base for name in wanted for base in tables.bases(name)}
        jobs = [(base, self._submit(base)) for base in sorted(bases, key=str)]
        for base, job in jobs:
            if job is not None:
                self._finish(base, job)
        for name in wanted:
            tree = tables.definition(name, lambda base: table_rows(self.name(base)))
            if tree is not None:
                self._define(self._address.table(name), tree.sql("bigquery", identify=True))

    def check(self, names: Iterable[str]) -> None:
        """See that tables are still kept.

        Raises:
            SnapshotChangedError: One is not.
        """
        for name in names:
            if not self._has(self.name(self._address.table(name))):
                raise SnapshotChangedError(
                    f"The table {name!r} as it was when the run was planned at "
                    f"{self._moment.isoformat()} is no longer kept in {self._dataset}: it has "
                    "expired, or was deleted. Plan a new run."
                )

    def _submit(self, base: TableName) -> CopyJob | None:
        """Ask for the snapshot of a base table; None where there is one."""
        from google.api_core.exceptions import Conflict
        from google.cloud.bigquery import CopyJobConfig

        client, calling = self._connection.client, self._connection.calling
        name = self.name(base)
        if self._has(name):
            return None
        config = CopyJobConfig(operation_type="SNAPSHOT", write_disposition="WRITE_EMPTY")
        if (expires := self._expires) is not None:
            config.destination_expiration_time = expires.isoformat()
        # In milliseconds, rounded up: rounded down it could lie before the table's last change.
        at = -((_EPOCH - self._moment) // _MILLISECOND)
        job_id = f"mushroom-keep-{hashlib.sha256(str(name).encode()).hexdigest()[:40]}"
        with self._keeping(base):
            try:
                return client.copy_table(
                    f"{base}@{at}", str(name), job_config=config, job_id=job_id, **calling
                )
            except Conflict:
                # It arrived before, through a connection that then broke, or from another process.
                return None if self._has(name) else cast("CopyJob", client.get_job(job_id))

    def _finish(self, base: TableName, job: CopyJob) -> None:
        from google.api_core.exceptions import GoogleAPICallError

        with self._keeping(base):
            try:
                job.result(retry=self._connection.calling["retry"])
            except GoogleAPICallError:
                # Another process may have kept it in the meantime.
                if not self._has(self.name(base)):
                    raise

    def _define(self, view: TableName, text: str) -> None:
        from google.cloud.bigquery import Table

        table = Table(str(self.name(view)))
        table.view_query = text
        if (expires := self._expires) is not None:
            table.expires = expires
        with self._keeping(view):
            self._connection.client.create_table(table, exists_ok=True, **self._connection.calling)

    def _has(self, name: TableName) -> bool:
        from google.api_core.exceptions import NotFound

        with refusals(f"Looking up the kept table {name}"):
            try:
                self._connection.client.get_table(str(name), **self._connection.calling)
            except NotFound:
                return False
        return True

    def _keeping(self, table: TableName) -> AbstractContextManager[None]:
        return refusals(f"Keeping the table {table} in {self._address.billing}.{self._dataset}")

    @property
    def _expires(self) -> datetime | None:
        kept_for = self._address.kept_for
        return None if kept_for is None else self._moment + kept_for
