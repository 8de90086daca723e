"""The official clients, and how often they try again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mushroom.errors import WarehouseError

if TYPE_CHECKING:
    from google.cloud.bigquery import Client
    from google.cloud.bigquery_storage_v1 import BigQueryReadClient

__all__ = ["STORAGE_EMULATOR", "Connection", "check_installed"]

EMULATOR = "BIGQUERY_EMULATOR_HOST"
STORAGE_EMULATOR = "BIGQUERY_STORAGE_EMULATOR_HOST"
RETRY_S = 120.0
REQUEST_S = 300.0


def check_installed() -> None:
    """Refuse to go on without the clients.

    Raises:
        WarehouseError: The extra `bigquery` is not installed.
    """
    try:
        import google.cloud.bigquery
        import google.cloud.bigquery_storage_v1  # noqa: F401
    except ImportError as error:
        raise WarehouseError(
            "BigQuery needs an extra that is not installed: pip install 'mushroom[bigquery]'."
        ) from error


@dataclass(frozen=True, kw_only=True, eq=False)
class Connection:
    """Clients of one project, made on first use.

    Where the environment names an emulator, they talk to that, without credentials.

    Attributes:
        project: The project that runs and pays the jobs.
        location: Where jobs run.
    """

    project: str
    location: str | None = None

    @cached_property
    def client(self) -> Client:
        """The REST client.

        Raises:
            WarehouseError: The machine has no credentials.
        """
        from google.auth.credentials import AnonymousCredentials
        from google.auth.exceptions import DefaultCredentialsError
        from google.cloud.bigquery import Client

        if host := os.environ.get(EMULATOR):
            return Client(
                project=self.project,
                location=self.location,
                credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
                client_options={"api_endpoint": host},
            )
        try:
            return Client(project=self.project, location=self.location)
        except DefaultCredentialsError as error:
            raise WarehouseError(
                "This machine has no credentials for BigQuery; run gcloud auth "
                "application-default login, or give its service account the roles it needs."
            ) from error

    @cached_property
    def storage(self) -> BigQueryReadClient | None:
        """The client of the Storage Read API; None where an emulator has none."""
        from google.cloud.bigquery_storage_v1 import BigQueryReadClient

        if EMULATOR not in os.environ:
            return BigQueryReadClient()  # type: ignore[no-untyped-call]
        if not (host := os.environ.get(STORAGE_EMULATOR)):
            return None
        import grpc
        from google.cloud.bigquery_storage_v1.services.big_query_read.transports import (
            BigQueryReadGrpcTransport,
        )

        channel = grpc.insecure_channel(host)
        transport = BigQueryReadGrpcTransport(channel=channel)
        return BigQueryReadClient(transport=transport)  # type: ignore[no-untyped-call]

    @cached_property
    def calling(self) -> dict[str, Any]:
        """Arguments of each call: only what is retriable is tried again, for a limited time."""
        from google.cloud.bigquery.retry import DEFAULT_RETRY

        return {"retry": DEFAULT_RETRY.with_timeout(RETRY_S), "timeout": REQUEST_S}

    @cached_property
    def streaming(self) -> dict[str, Any]:
        """The same, of calls to the Storage Read API, whose own defaults wait for a day."""
        from google.api_core.exceptions import ServiceUnavailable
        from google.api_core.retry import Retry, if_exception_type

        may_pass = if_exception_type(ServiceUnavailable)
        return {"retry": Retry(predicate=may_pass, timeout=RETRY_S), "timeout": REQUEST_S}
