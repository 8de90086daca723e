"""`yule render`: the Jobs that a run would make."""

import typer

from yule_cli.commands.options import CaseArgument, DebugOption
from yule_cli.commands.reporting import errors_reported

__all__ = ["render"]


def render(case: CaseArgument, debug: DebugOption = False) -> None:
    """Print the manifests of the Jobs that a run would make, as YAML, without touching a cluster.

    What is stored already needs none. Digests of work orders differ from run to run.
    """
    with errors_reported(debug=debug):
        from yule_cli.config import load_case

        loaded, document = load_case(case)
        from yule_runner import collect, plan

        from yule_cli.errors import CaseError
        from yule_cli.preparation import prepare

        if loaded.run.cluster is None:
            problem = "is not `kubernetes`: there are no Jobs to show."
            raise CaseError([document.problem(("run", "on"), problem)])
        import yaml
        from yule_runner import GraphSource
        from yule_runner.kubernetes.rendering import render as render_jobs

        from yule_cli.executors import cluster_settings
        from yule_cli.graph import FACTORY

        prepared = prepare(loaded, document)
        todo = plan(collect(prepared.graph.targets), lambda task: task.complete())
        source = GraphSource(factory=FACTORY, arguments={"resolved": prepared.resolved.digest})
        settings = cluster_settings(prepared, loaded.run.cluster)
        jobs = render_jobs(todo.groups, source=source, settings=settings)
        typer.echo(yaml.safe_dump_all(jobs, sort_keys=False, width=100), nl=False)
