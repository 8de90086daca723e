"""Torch with a fixed number of threads and a seed of its own, leaving no trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

__all__ = ["isolated"]


@contextmanager
def isolated(*, threads: int, seed: int) -> Iterator[None]:
    """Fix threads and seed inside the block, and put both back as they were.

    The number of threads decides how sums are split, and so their last bits.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(before)
