"""What a task needs of the machine that runs it."""

from dataclasses import dataclass

from gokart_store.errors import ParameterValueError

__all__ = ["Resources"]


@dataclass(frozen=True, kw_only=True)
class Resources:
    """A task's declaration; configuration maps it to a node pool, the task knows of none.

    Attributes:
        cpu: CPU cores kept busy.
        memory_gib: Peak resident memory in GiB; exceeding it is reported.
        gpu: Whole GPUs.
    """

    cpu: float = 1
    memory_gib: float = 1
    gpu: int = 0

    def __post_init__(self) -> None:
        if self.cpu <= 0 or self.memory_gib <= 0 or self.gpu < 0:
            raise ParameterValueError(
                f"{self} is impossible: cpu and memory_gib must be positive, and gpu at least 0."
            )
