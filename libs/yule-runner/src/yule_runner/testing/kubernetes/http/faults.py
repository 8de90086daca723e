"""What goes wrong between a client and an API server: told by a test, once or many times."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

from yule_runner.testing.kubernetes.http.request import Request

__all__ = ["Fault", "Faults"]

FaultKind = Literal[
    "refuse", "hang-up", "lose-reply", "cut", "silence", "expire", "expire-late", "drop", "double"
]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        kind: `refuse` answers with `code`; `hang-up` closes the connection before the request is
            carried out, `lose-reply` after it was. On watches: `cut` resets the stream at the
            next event; `silence` sends nothing any more, but keeps the connection; `expire`
            answers 410 at once, `expire-late` in the stream; `drop` leaves the next event out,
            `double` sends it twice.
        verb: of the requests that it strikes; `*` for all.
        plural: of the resource; `*` for all.
        times: how many requests it strikes.
        code: of a refusal.
        retry_after_s: header of a refusal; None for none.
    """

    kind: FaultKind
    verb: str = "*"
    plural: str = "*"
    times: int = 1
    code: int = 503
    retry_after_s: int | None = None

    def strikes(self, request: Request) -> bool:
        """Say whether a request is one of those."""
        return self.verb in ("*", request.verb) and self.plural in ("*", request.resource.plural)


class Faults:
    """The faults that are still to come, and how many requests there were.

    Attributes:
        struck: how many requests were struck.
    """

    def __init__(self) -> None:
        self.struck = 0
        self._lock = threading.Lock()
        self._left: list[tuple[Fault, int]] = []
        self._spared: set[str] = set()

    def add(self, fault: Fault) -> None:
        """Let something go wrong from now on."""
        with self._lock:
            self._left.append((fault, fault.times))

    def spare(self, user: str) -> None:
        """Let nothing go wrong for a user, such as a test's own or a kubelet's."""
        self._spared.add(user)

    def clear(self) -> None:
        """Let all go well again."""
        with self._lock:
            self._left.clear()

    def take(self, user: str, request: Request) -> Fault | None:
        """Return the fault that strikes a request, and count it."""
        with self._lock:
            if user in self._spared:
                return None
            for place, (fault, left) in enumerate(self._left):
                if fault.strikes(request):
                    self._left[place : place + 1] = [(fault, left - 1)] if left > 1 else []
                    self.struck += 1
                    return fault
        return None
