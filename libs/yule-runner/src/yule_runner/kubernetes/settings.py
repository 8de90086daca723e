"""Where and how a run's Jobs run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from gokart_store import open_store

from yule_runner.kubernetes.job_spec import Owner, SharedFolder
from yule_runner.kubernetes.patience import Patience
from yule_runner.kubernetes.pools import Pool

__all__ = ["MANAGER", "ClusterSettings", "store_label"]

MANAGER = "yule-runner"


@dataclass(frozen=True, kw_only=True)
class ClusterSettings:
    """What all Jobs of a run have in common.

    Attributes:
        run: identifies the run; another driver of the same run carries on its work.
        namespace: where the Jobs are made.
        image: of the pods, with its digest.
        store: URL of the store that the driver and the pods see alike.
        pools: node pools.
        service_account: whom the pods act as.
        owner: the driver's Job, whose end takes the run's Jobs with it; None for a driver that is
            not in the cluster: its Jobs stay when it ends.
        command: what a pod runs, before the arguments that say what to do.
        parallelism: most pods of a group at the same time.
        largest_group: most completion indexes of a Job; larger groups have several tasks for each.
        retries: how often an index may crash before its tasks count as failed.
        environment: further variables of the pods; never secrets.
        priority_class: of the pods; None for the cluster's default.
        shared_folders: mounted into the pods; for a store that is a folder.
        deadline_s: after so long a Job fails.
        grace_s: seconds that a pod has to end after SIGTERM; Spot nodes give 15 at most.
        detaches: whether an interrupted driver leaves its Jobs running, for the next to take over;
            otherwise it ends them.
        patience: how long to wait for what.
    """

    run: str
    namespace: str
    image: str
    store: str
    pools: tuple[Pool, ...]
    service_account: str = "yule-worker"
    owner: Owner | None = None
    command: tuple[str, ...] = ("python", "-P", "-m", "yule_runner", "work")
    parallelism: int = 100
    largest_group: int = 200
    retries: int = 1
    environment: dict[str, str] = field(default_factory=dict)
    priority_class: str | None = None
    shared_folders: tuple[SharedFolder, ...] = ()
    deadline_s: int = 86_400
    grace_s: int = 30
    detaches: bool = True
    patience: Patience = field(default_factory=Patience)

    @property
    def selector(self) -> str:
        """The label selector of all Jobs and pods that compute for this store."""
        return f"app.kubernetes.io/managed-by={MANAGER},yule.dev/store={store_label(self.store)}"

    @property
    def owner_uids(self) -> tuple[str, ...]:
        """The uids of the drivers that own the run's Jobs: one, or none."""
        return () if self.owner is None else (self.owner.uid,)


def store_label(store: str) -> str:
    """Return the label value of a store; a task's id says nothing of where its result lies."""
    return hashlib.sha256(open_store(store).url.encode()).hexdigest()[:16]
