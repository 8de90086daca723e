"""What a Job is to be, before it is a manifest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gokart_store import Resources

from yule_runner.errors import YuleRunnerError
from yule_runner.kubernetes.pools import Pool

__all__ = ["JobSpec", "JobSpecError", "Owner", "SharedFolder", "Siblings"]

_DIGEST = re.compile(r".+@sha256:[0-9a-f]{64}")
_SHELLS = ("sh", "bash", "dash", "zsh", "ash", "ksh")


class JobSpecError(YuleRunnerError):
    """A Job cannot be as it is specified."""

    exit_code = 2


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The Job whose end takes another Job with it: the driver's Job, never its pod."""

    name: str
    uid: str


@dataclass(frozen=True, kw_only=True)
class SharedFolder:
    """A folder that all pods see under one path: a PersistentVolumeClaim, mounted there."""

    claim: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Siblings:
    """A group of tasks that one Indexed Job runs.

    Attributes:
        completions: how many indexes there are.
        parallelism: how many run at the same time.
        retries: how often an index may fail before it has failed for good; preemptions do not
            count.
        max_failed: how many indexes may fail before the whole Job fails; None for any number.
    """

    completions: int
    parallelism: int
    retries: int = 2
    max_failed: int | None = None

    def __post_init__(self) -> None:
        if self.completions < 1 or self.parallelism < 1 or self.retries < 0:
            raise JobSpecError(
                f"{self} is impossible: completions and parallelism must be at least 1, and "
                "retries at least 0."
            )
        if self.max_failed is not None and not 0 <= self.max_failed <= self.completions:
            raise JobSpecError(
                f"max_failed is {self.max_failed}, but there are {self.completions} indexes: give "
                f"a number from 0 to {self.completions}, or None."
            )


@dataclass(frozen=True, kw_only=True)
class JobSpec:
    """One Job.

    Attributes:
        name: of the Job; see `job_name`.
        namespace: where it runs.
        component: what it is, a word such as `driver` or `train`; becomes a label.
        run: identifies the run that creates it; becomes a label.
        image: with its digest, so that every pod runs the same code.
        command: program and arguments; no shell.
        resources: what each pod needs.
        pool: where it runs.
        service_account: whom its pods act as.
        labels: further labels of Job and pods.
        annotations: further annotations of the Job.
        environment: further variables; never secrets.
        owner: the driver's Job; None for the driver itself.
        siblings: the group that it runs; None for the driver.
        is_on_demand: whether it keeps off nodes that can be taken away, whatever the pool says.
        deadline_s: seconds after which the Job fails.
        pod_deadline_s: seconds after which a pod fails; None for no limit of its own.
        kept_s: seconds that the finished Job stays.
        grace_s: seconds between SIGTERM and SIGKILL; Spot nodes give 15 at most.
        scratch_gib: room in /tmp, in GiB.
        shared_memory_gib: room in /dev/shm, in GiB; what is used counts as the pod's memory.
        priority_class: of its pods; None for the cluster's default.
        shared_folders: mounted into its pods.
    """

    name: str
    namespace: str
    component: str
    run: str
    image: str
    command: tuple[str, ...]
    resources: Resources
    pool: Pool
    service_account: str
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    owner: Owner | None = None
    siblings: Siblings | None = None
    is_on_demand: bool = False
    deadline_s: int = 86_400
    pod_deadline_s: int | None = None
    kept_s: int = 172_800
    grace_s: int = 30
    scratch_gib: float = 16
    shared_memory_gib: float = 1
    priority_class: str | None = None
    shared_folders: tuple[SharedFolder, ...] = ()

    def __post_init__(self) -> None:
        if not _DIGEST.fullmatch(self.image):
            raise JobSpecError(
                f"The image {self.image!r} has no digest: name it as REPOSITORY@sha256:DIGEST, so "
                "that every pod of the run gets the same one."
            )
        if not self.command:
            raise JobSpecError("A Job needs a command.")
        program = self.command[0].rpartition("/")[2]
        if program in _SHELLS:
            raise JobSpecError(
                f"The command starts the shell {program!r}: name the program itself, so that "
                "nothing in its arguments is interpreted."
            )
        if self.deadline_s < 1 or self.kept_s < 0 or self.grace_s < 0 or self.scratch_gib <= 0:
            raise JobSpecError(
                f"Job {self.name!r} has a deadline of {self.deadline_s} s, is kept for "
                f"{self.kept_s} s, has {self.grace_s} s of grace and {self.scratch_gib:g} GiB of "
                "scratch: deadline and scratch must be positive, the others at least 0."
            )
