"""A run on a cluster, as its folder remembers it: how to find it there again."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from gokart_store import write_whole

from yule_cli.errors import CaseError
from yule_cli.state import RunFolder, State

if TYPE_CHECKING:
    from yule_runner.kubernetes import ClusterSettings
    from yule_runner.kubernetes.api import ClusterApi

__all__ = ["ClusterRun"]

_NAME = "cluster.json"


@dataclass(frozen=True, kw_only=True)
class ClusterRun:
    """Where a run's Jobs are.

    Attributes:
        run: The run's name on the cluster.
        selector: Label selector of the Jobs of its store.
        store: URL of the store.
        namespace: Of the Jobs.
        context: Of the kubeconfig; None for the current one.
    """

    run: str
    selector: str
    store: str
    namespace: str
    context: str | None

    @classmethod
    def of(cls, settings: ClusterSettings, context: str | None) -> Self:
        """Return what there is to remember of a run."""
        return cls(
            run=settings.run,
            selector=settings.selector,
            store=settings.store,
            namespace=settings.namespace,
            context=context,
        )

    @classmethod
    def latest(cls, state: State, case: str) -> Self:
        """Return the latest run of a case on a cluster.

        Raises:
            CaseError: There is none.
        """
        started = re.compile(rf"{re.escape(case)}-\d{{8}}T\d{{6}}Z-[0-9a-f]{{6}}")
        folders = sorted(
            path.parent
            for path in (state.root / "runs").glob(f"*/{_NAME}")
            if started.fullmatch(path.parent.name)
        )
        if not folders:
            problem = (
                f"No run of the case {case} on a cluster is known in {state.root / 'runs'}. Start "
                "one with `yule run`, or look from the machine that did."
            )
            raise CaseError([problem])
        fields = json.loads((folders[-1] / _NAME).read_bytes())
        return cls(**fields)

    def write(self, folder: RunFolder) -> Path:
        """Remember it in a run's folder."""
        path = folder.path / _NAME
        write_whole(path, json.dumps(asdict(self), indent=2) + "\n")
        return path

    def api(self) -> ClusterApi:
        """Return the way to its cluster.

        Raises:
            ClusterError: There is none.
        """
        from yule_runner.kubernetes.api import ClusterApi
        from yule_runner.kubernetes.connecting import connect

        return ClusterApi(partial(connect, context=self.context), self.namespace)
