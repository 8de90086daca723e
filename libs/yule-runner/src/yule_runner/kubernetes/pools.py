"""Node pools: which nodes a pod may run on, and how much one pod can have there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from yule_runner.errors import YuleRunnerError

__all__ = ["NodeRequirement", "Pool", "PoolDefinitionError", "Spot", "Toleration"]

Spot = Literal["on-demand", "spot", "spot-with-escape"]
Effect = Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]


class PoolDefinitionError(YuleRunnerError):
    """A pool cannot be as it is described."""

    exit_code = 2


@dataclass(frozen=True, kw_only=True)
class NodeRequirement:
    """What a node's label must be, as node affinity says it.

    Attributes:
        key: of the label.
        operator: how it is compared; `Exists` and `DoesNotExist` take no values.
        values: to compare with.
    """

    key: str
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        needs_none = self.operator in ("Exists", "DoesNotExist")
        if needs_none == bool(self.values):
            wanted = "no values" if needs_none else "at least one value"
            raise PoolDefinitionError(
                f"The requirement on label {self.key!r} has the operator {self.operator} and the "
                f"values {list(self.values)}: give it {wanted}."
            )


@dataclass(frozen=True, kw_only=True)
class Toleration:
    """A taint that pods of the pool put up with; None stands for any value, or any effect."""

    key: str
    value: str | None = None
    effect: Effect | None = None


@dataclass(frozen=True, kw_only=True)
class Pool:
    """A node pool, as the configuration describes it. Tasks know nothing of pools.

    Attributes:
        name: how people call it.
        cpu: CPU cores that one pod can have at most: a node's allocatable cores.
        memory_gib: memory that one pod can have at most, in GiB.
        gpu: GPUs that one pod can have at most.
        spot: whether its nodes can be taken away at any time. `spot-with-escape` prefers those
            that can, and leaves them for an index that was preempted too often.
        node_selector: labels that its nodes have.
        requirements: further conditions on labels, all of which hold for its nodes.
        tolerations: taints of its nodes.
        spot_label: label, with its value, of the nodes that can be taken away.
        gpu_resource: what a node calls its GPUs.
    """

    name: str
    cpu: float
    memory_gib: float
    gpu: int = 0
    spot: Spot = "on-demand"
    node_selector: Mapping[str, str] = field(default_factory=dict)
    requirements: tuple[NodeRequirement, ...] = ()
    tolerations: tuple[Toleration, ...] = ()
    spot_label: tuple[str, str] = ("cloud.google.com/gke-spot", "true")
    gpu_resource: str = "nvidia.com/gpu"

    def __post_init__(self) -> None:
        if not self.name:
            raise PoolDefinitionError("A pool needs a name.")
        if self.cpu <= 0 or self.memory_gib <= 0 or self.gpu < 0:
            raise PoolDefinitionError(
                f"Pool {self.name!r} offers {self.cpu:g} cores, {self.memory_gib:g} GiB and "
                f"{self.gpu} GPUs: cores and memory must be positive, and GPUs at least 0."
            )
