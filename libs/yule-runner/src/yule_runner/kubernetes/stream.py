"""An open watch: what the API server sends until it ends, breaks or falls silent."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from typing import Any

import urllib3
import urllib3.exceptions

from yule_runner.kubernetes.errors import ApiUnavailable, refusal_of

__all__ = ["Watch", "broken_lines_explained"]

Json = dict[str, Any]


class Watch:
    """Events of an open watch, as they come."""

    def __init__(self, response: urllib3.BaseHTTPResponse, asked: str) -> None:
        self._response, self._asked = response, asked

    def __iter__(self) -> Iterator[tuple[str, Json]]:
        """Yield type and object of each event.

        Raises:
            Expired: the server has forgotten the version.
            ApiUnavailable: the stream broke.
        """
        rest = b""
        try:
            with broken_lines_explained(self._asked):
                for part in self._response.stream(65536, decode_content=False):
                    *lines, rest = (rest + part).split(b"\n")
                    for line in filter(None, lines):
                        event = json.loads(line)
                        if event["type"] == "ERROR":
                            status = event["object"]
                            text = json.dumps(status).encode()
                            raise refusal_of(status.get("code", 500), text, asked=self._asked)
                        yield event["type"], event["object"]
        finally:
            self._response.close()

    def interrupt(self) -> None:
        """End it from another thread."""
        found = getattr(self._response.connection, "sock", None)
        if found is not None:
            with contextlib.suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def broken_lines_explained(asked: str) -> Iterator[None]:
    """Turn every kind of broken connection into `ApiUnavailable`, which says what was asked."""
    from kubernetes.client import ApiException

    try:
        yield
    except (urllib3.exceptions.HTTPError, OSError, ValueError, ApiException) as error:
        reason = getattr(error, "reason", None) or error
        raise ApiUnavailable(
            f"Could not {asked}: no answer from the API server: {reason}."
        ) from error
