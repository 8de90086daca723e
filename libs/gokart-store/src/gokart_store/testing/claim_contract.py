"""What the claims of every store must keep to; part of `StoreContract`."""

# ruff: noqa: S101 (a suite asserts)

from __future__ import annotations

import threading
from typing import ClassVar

import pytest

from gokart_store.stores import Store

__all__ = ["ClaimContract"]

_KEY = "cache/a module.Task/0 1/日本 🍄.json"


class ClaimContract:
    """The laws of claims."""

    claims_exclude: ClassVar[bool] = True
    """Whether a claim keeps others out; False for a store whose claims are no more than a wish."""

    def test_a_free_key_is_claimed_at_once(self, store: Store) -> None:
        """Another key is free, and so is the same one afterwards, after an error too."""
        waited: list[str] = []
        with store.claim("cache/1", lambda: waited.append("1")):
            with store.claim("cache/2", lambda: waited.append("2")):
                pass
            assert not store.sizes("cache")
        with pytest.raises(ZeroDivisionError), store.claim("cache/1", lambda: waited.append("1")):
            raise ZeroDivisionError
        with store.claim("cache/1", lambda: waited.append("1")):
            assert not waited

    def test_one_at_a_time_holds_a_key(self, store: Store) -> None:
        """Others are told once, wait, and come in one by one."""
        if not self.claims_exclude:
            pytest.skip("the claims of this store keep nobody out")
        inside: list[int] = []
        crowds: list[int] = []
        told: list[threading.Event] = [threading.Event() for _ in range(4)]

        def work(number: int) -> None:
            with store.claim(_KEY, told[number].set):
                inside.append(number)
                crowds.append(len(inside))
                inside.remove(number)

        threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
        with store.claim(_KEY):
            for thread in threads:
                thread.start()
            assert all(event.wait(timeout=30) for event in told)
            assert not crowds
        for thread in threads:
            thread.join()
        assert crowds == [1, 1, 1, 1]

    def test_nothing_claimed_is_swept(self, store: Store) -> None:
        """However old a claim or a scratch folder looks, its living holder keeps it."""
        if not self.claims_exclude:
            pytest.skip("the claims of this store keep nobody out")
        with store.claim(_KEY), store.scratch() as scratch:
            assert store.sweep(older_than_s=-3600) == 0
            assert scratch.exists()
