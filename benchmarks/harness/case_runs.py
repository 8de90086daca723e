"""The example's tasks, run from this process by any executor, each time into an empty store."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from harness.example import copy_example

__all__ = ["CaseRuns"]

_IMAGE = "registry.example/yule@sha256:" + "a" * 64


@dataclass(frozen=True, kw_only=True)
class CaseRuns:
    """Runs the example again and again.

    Attributes:
        folder: For its copies and their stores.
    """

    folder: Path

    def store(self, name: str) -> str:
        """Return the store of a run."""
        return str(self.folder / name / ".yule/store")

    def on_cluster(self, name: str) -> tuple[float, str]:
        """As `run`, on the cluster whose kubeconfig lies in the folder."""
        from yule_runner.kubernetes import ClusterSettings, KubernetesExecutor, Pool
        from yule_runner.kubernetes.connecting import connect

        settings = ClusterSettings(
            run=name,
            namespace="default",
            image=_IMAGE,
            store=self.store(name),
            pools=(Pool(name="standard", cpu=2, memory_gib=64),),
        )
        kubeconfig = self.folder / "kubeconfig"
        with KubernetesExecutor(settings, connect=lambda: connect(kubeconfig)) as executor:
            return self.run(name, executor)

    def run(self, name: str, executor: object) -> tuple[float, str]:
        """Run the example as `name`; return the seconds, and the digest of its predictions."""
        from gokart_store import digest
        from yule_cli.config import load_case
        from yule_cli.graph import FACTORY, factory_arguments
        from yule_cli.preparation import prepare
        from yule_cli.publication import prediction_manifest
        from yule_runner import GraphSource, run_graph

        case = copy_example(self.folder / name)
        prepared = prepare(*load_case(case))
        run = prepared.state.new_run(name)
        prepared.resolved.write(run.resolved)
        source = GraphSource(factory=FACTORY, arguments=factory_arguments(run.resolved))
        started = time.perf_counter()
        run_graph(source, executor=executor, orders=run.orders)  # type: ignore[arg-type]
        seconds = time.perf_counter() - started
        predictions = prepared.graph.predictions.result()
        return seconds, digest(prediction_manifest(predictions, run_id=name, facts={})["sha256"])
