"""How a fault looks to a client: a refusal, or a watch that does not do what it should."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from yule_runner.testing.kubernetes.http.faults import Fault
from yule_runner.testing.kubernetes.status import ApiError, expired

__all__ = ["disturbed", "refused"]

Json = dict[str, Any]

_POLL_S = 0.02
_TOO_OLD = "too old resource version: 1 (2)"


def refused(fault: Fault) -> ApiError:
    """Return the refusal of a server that has too much to do, or of a proxy before it."""
    headers = {} if fault.retry_after_s is None else {"Retry-After": str(fault.retry_after_s)}
    reason = HTTPStatus(fault.code).phrase
    message = "the server is currently unable to handle the request"
    return ApiError(fault.code, reason.replace(" ", ""), message, headers=headers)


def disturbed(
    events: Iterator[Json | None], fault: Fault, is_over: Callable[[], bool]
) -> Iterator[Json | None]:
    """Yield a watch's events with a fault among them.

    Raises:
        ApiError: the version counts as gone.
        ConnectionResetError: the stream is cut.
    """
    match fault.kind:
        case "expire":
            raise expired(_TOO_OLD)
        case "expire-late":
            yield {"type": "ERROR", "object": expired(_TOO_OLD).status}
            return
        case "silence":
            yield None
            while not is_over():
                time.sleep(_POLL_S)
            return
        case _:
            pass
    if fault.kind == "cut":
        yield None
    is_done = False
    for event in events:
        if event is None or is_done:
            yield event
            continue
        is_done = True
        if fault.kind == "cut":
            raise ConnectionResetError
        if fault.kind == "double":
            yield event
        if fault.kind != "drop":
            yield event
