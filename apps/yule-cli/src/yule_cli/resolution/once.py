"""Resolves a case once for all pods of a driver's Job: data that have come since are not for it."""

from __future__ import annotations

from dataclasses import dataclass

from gokart_store import open_store

from yule_cli.config import Case, Document
from yule_cli.resolution.resolve import resolve
from yule_cli.resolution.resolved import ResolvedCase
from yule_cli.state import State

__all__ = ["ResolveOnce"]


@dataclass(frozen=True, kw_only=True)
class ResolveOnce:
    """As `resolve`, but the first resolution is kept, and holds for whoever comes later.

    Attributes:
        store: URL of the store that keeps it.
        key: Where in it.
    """

    store: str
    key: str

    def __call__(self, case: Case, document: Document, state: State) -> ResolvedCase:
        """Return the resolution that is kept; resolve the case and keep that where none is.

        Raises:
            CaseError: As `resolve`.
            StoreAccessError, StoreWriteError: The store is out of reach.
        """
        store = open_store(self.store)
        content = store.read_bytes(self.key)
        if content is not None:
            return ResolvedCase.parse(content, f"{store.url}/{self.key}")
        resolved = resolve(case, document, state)
        store.write_bytes(self.key, resolved.to_json().encode())
        return resolved
