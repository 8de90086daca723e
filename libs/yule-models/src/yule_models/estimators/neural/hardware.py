"""Where a network is trained, and in which precision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

import torch

from yule_models.errors import HardwareError

__all__ = ["Hardware", "isolated"]


@dataclass(frozen=True, kw_only=True)
class Hardware:
    """A device of torch.

    Attributes:
        device: Its name.
        is_mixed: Whether products are computed in bfloat16, with weights and sums in float32.
    """

    device: str
    is_mixed: bool

    @classmethod
    def of(cls, *, gpu: bool) -> Self:
        """Return the GPU in mixed precision, or the CPU in float32.

        Raises:
            HardwareError: If there is no GPU here.
        """
        if not gpu:
            return cls(device="cpu", is_mixed=False)
        if not torch.cuda.is_available():
            raise HardwareError(
                "The model asks for a GPU (`gpu: true`), and torch finds none here: run it on a "
                "machine with one, or train on the CPU with `gpu: false`."
            )
        return cls(device="cuda", is_mixed=True)

    def precision(self) -> torch.autocast:
        """Return the context in which the network's products are computed."""
        return torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.is_mixed)


@contextmanager
def isolated(*, threads: int, seed: int, gpu: bool = False) -> Iterator[None]:
    """Fix threads and seed inside the block, and put both back as they were.

    The number of threads decides how sums are split, and so their last bits.
    """
    before, devices = torch.get_num_threads(), [0] if gpu else []
    torch.set_num_threads(threads)
    try:
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(before)
