"""What a pod of an Indexed Job runs: its index's share of a stored order."""

from __future__ import annotations

import faulthandler
from collections.abc import Mapping
from dataclasses import dataclass

from gokart_store import open_store

from yule_runner.errors import OrderError
from yule_runner.order import StoredOrder
from yule_runner.pod_files import LOG, pod_prefix
from yule_runner.worker.journal import keep_journal
from yule_runner.worker.once import work
from yule_runner.worker.output import logged
from yule_runner.worker.share import Share
from yule_runner.worker.termination import end_after_sigterm

__all__ = ["PodIdentity", "work_in_pod"]

# Spot nodes give 15 s; what is left of them is for the last files.
_ENDS_S = 12.0
_RESPITE_S = 9.0


@dataclass(frozen=True, kw_only=True)
class PodIdentity:
    """Which pod this is: its Job and that one's uid, its completion index, its own name."""

    job: str
    uid: str
    index: int
    pod: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> PodIdentity:
        """Read it from the variables of a container.

        Raises:
            OrderError: this is no pod of an Indexed Job that this package has made.
        """
        try:
            return cls(
                job=environment["YULE_JOB"],
                uid=environment["YULE_JOB_UID"],
                index=int(environment["JOB_COMPLETION_INDEX"]),
                pod=environment["YULE_POD"],
            )
        except KeyError as error:
            raise OrderError(
                f"The variable {error.args[0]} is not set: an order in a store is carried out by a "
                "pod of an Indexed Job. Elsewhere, give --order and --sha256."
            ) from error
        except ValueError as error:
            raise OrderError(f"JOB_COMPLETION_INDEX must be a number: {error}.") from error


def work_in_pod(order: StoredOrder, *, per_index: int, environment: Mapping[str, str]) -> int:
    """Run this pod's share of an order; return the exit code.

    Journal, heartbeat, log and last error go to the store (`yule_runner.pod_files`). After SIGTERM
    a running task has 9 s to come to its end, and the process ends within 12 s, whatever it does.

    Args:
        order: where the order lies.
        per_index: tasks of each index.
        environment: the container's variables.

    Returns:
        As `work`.

    Raises:
        OrderError: the variables name no index.
        OSError, GokartStoreError: the store is out of reach.
    """
    me = PodIdentity.of(environment)
    share = Share(index=me.index, size=per_index)
    store = open_store(order.store)
    with (
        store.sharing(pod_prefix(me.job, me.uid, me.index, me.pod)) as folder,
        logged(folder / LOG),
        end_after_sigterm(_ENDS_S),
        keep_journal(folder) as journal,
    ):
        faulthandler.enable(file=2)
        return work(order, share=share, tell=journal.tell, respite_s=_RESPITE_S)
