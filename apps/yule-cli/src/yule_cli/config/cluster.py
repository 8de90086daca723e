"""The fields of a case file that describe a Kubernetes cluster and its node pools."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Cluster", "Label", "NodePool", "SharedVolume", "Taint"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(_Section):
    """What a node's label must be, as node affinity says it."""

    key: str = Field(description="Key of the label.")
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"] = Field(
        default="In", description="How it is compared; Exists and DoesNotExist take no values."
    )
    values: list[str] = Field(default_factory=list, description="Values to compare with.")


class Taint(_Section):
    """A taint of a pool's nodes that its pods put up with."""

    key: str = Field(description="Key of the taint.")
    value: str | None = Field(default=None, description="Its value; any by default.")
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = Field(
        default=None, description="Its effect; any by default."
    )


class NodePool(_Section):
    """A node pool; tasks go to the one that they fill best."""

    name: str = Field(min_length=1, description="How people call it.")
    cpu: float = Field(gt=0, description="Cores that one pod can have: a node's allocatable ones.")
    memory_gib: float = Field(gt=0, description="Memory that one pod can have, in GiB.")
    gpu: int = Field(default=0, ge=0, description="GPUs that one pod can have.")
    spot: Literal["on-demand", "spot", "spot-with-escape"] = Field(
        default="on-demand",
        description="Whether its nodes may be taken away; spot-with-escape moves to others what is "
        "preempted three times.",
    )
    node_selector: dict[str, str] = Field(
        default_factory=dict, description="Labels that its nodes have."
    )
    requirements: list[Label] = Field(
        default_factory=list, description="Further conditions on labels of its nodes."
    )
    tolerations: list[Taint] = Field(default_factory=list, description="Taints of its nodes.")


class SharedVolume(_Section):
    """A folder that all pods share, and this machine too, under the same path."""

    claim: str = Field(description="Name of the PersistentVolumeClaim.")
    path: str = Field(pattern="^/", description="Absolute path of the folder.")


class Cluster(_Section):
    """Where pods run, and as whom."""

    image: str = Field(
        pattern=r"^.+@sha256:[0-9a-f]{64}$", description="Image of the pods, with its digest."
    )
    pools: list[NodePool] = Field(min_length=1, description="Node pools.")
    namespace: str = Field(default="default", description="Namespace of the Jobs.")
    context: str | None = Field(
        default=None, description="Context of the kubeconfig; its current one by default."
    )
    service_account: str = Field(
        default="yule-worker", description="Service account of the pods; it needs no rights."
    )
    priority_class: str | None = Field(
        default=None, description="Priority class of the pods; the cluster's default by default."
    )
    parallelism: int = Field(
        default=100, ge=1, le=10_000, description="Pods of a group of tasks at the same time."
    )
    volumes: list[SharedVolume] = Field(
        default_factory=list, description="Shared folders; none is needed for a store in a bucket."
    )
