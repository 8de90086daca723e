"""The Job of a group of tasks, as a manifest; and what a Job's labels say about its tasks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from gokart_store import Resources

from yule_runner.executor import Submission
from yule_runner.kubernetes.flight import Need
from yule_runner.kubernetes.job_spec import JobSpec, Siblings
from yule_runner.kubernetes.manifest import group_manifest
from yule_runner.kubernetes.names import POOL, job_name
from yule_runner.kubernetes.placement import choose_pool
from yule_runner.kubernetes.pools import Pool
from yule_runner.kubernetes.settings import ClusterSettings, store_label
from yule_runner.kubernetes.uses import use_of
from yule_runner.kubernetes.validation import validate_manifest
from yule_runner.order import StoredOrder
from yule_runner.worker.share import indexes_for

__all__ = [
    "GENERATION",
    "ORDER",
    "PER_INDEX",
    "TASK_HASH",
    "flight_manifest",
    "pool_for",
    "task_hash",
]

Json = dict[str, Any]

TASK_HASH = "yule.dev/task-hash"
GENERATION = "yule.dev/generation"
ORDER = "yule.dev/order-sha256"
PER_INDEX = "yule.dev/per-index"
_HASH_LENGTH = 32


def task_hash(store: str, task_ids: Sequence[str]) -> str:
    """Return what identifies the work of a Job: these tasks, into this store."""
    text = "\n".join([store_label(store), *sorted(task_ids)])
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]


def pool_for(submission: Submission, need: Need, pools: Sequence[Pool]) -> Pool | None:
    """Return the pool of a submission's tasks with what they need; None where none can."""
    return choose_pool(_resources(submission, need), pools)


def flight_manifest(
    submission: Submission,
    task_ids: Sequence[str],
    need: Need,
    *,
    order: StoredOrder,
    pool: Pool,
    generation: int,
    settings: ClusterSettings,
    version: str | None = None,
) -> Json:
    """Return the Job that runs some tasks of a submission.

    The same tasks have the same name in every run that writes to the same store.

    Args:
        submission: what was submitted.
        task_ids: of these tasks.
        need: what each of them needs.
        order: the work order with these tasks.
        pool: where they run.
        generation: counts Jobs for the same tasks, from 1.
        settings: of the run.
        version: of the cluster; None checks the oldest and the newest that is supported.

    Raises:
        JobSpecError, ManifestError: the cluster would refuse it.
    """
    size = indexes_for(len(task_ids), settings.largest_group)
    completions = indexes_for(len(task_ids), size)
    digest = task_hash(settings.store, task_ids)
    component = submission.name.rpartition(".")[2]
    spec = JobSpec(
        name=job_name(component, "", digest, generation=generation, completions=completions),
        namespace=settings.namespace,
        component=component,
        run=settings.run,
        image=settings.image,
        command=(
            *settings.command,
            *("--store", order.store, "--sha256", order.sha256, "--per-index", str(size)),
        ),
        resources=_resources(submission, need),
        pool=pool,
        service_account=settings.service_account,
        labels={
            "yule.dev/store": store_label(settings.store),
            TASK_HASH: digest,
            GENERATION: str(generation),
        },
        annotations={ORDER: order.sha256, PER_INDEX: str(size), POOL: pool.name}
        | use_of(settings.run),
        environment=settings.environment,
        owner=settings.owner,
        siblings=Siblings(
            completions=completions,
            parallelism=min(settings.parallelism, completions),
            retries=settings.retries,
        ),
        is_on_demand=need.is_on_demand,
        deadline_s=settings.deadline_s,
        grace_s=settings.grace_s,
        priority_class=settings.priority_class,
        shared_folders=settings.shared_folders,
    )
    manifest = group_manifest(spec)
    validate_manifest(manifest, version)
    return manifest


def _resources(submission: Submission, need: Need) -> Resources:
    declared = submission.resources
    return Resources(cpu=declared.cpu, memory_gib=need.memory_gib, gpu=declared.gpu)
