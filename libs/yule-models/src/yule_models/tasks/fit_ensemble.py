"""The task that combines models by their out-of-fold predictions."""

from collections.abc import Sequence
from typing import Any, ClassVar

from gokart_store import (
    Artefact,
    CanonicalJson,
    FolderFormat,
    JsonParameter,
    Resources,
    StoredTask,
    UpstreamListParameter,
    UpstreamParameter,
)

from yule_models.ensemble import (
    EnsembleError,
    EnsembleOptions,
    ModelOof,
    fit_ensemble,
    gather_oof,
)
from yule_models.tasks.engines import versioned
from yule_models.tasks.targets import parse_targets

__all__ = ["FitEnsemble"]


class FitEnsemble(StoredTask[Artefact]):
    """Learn to combine models on all out-of-fold rows, report it cross-fitted, and store both.

    The entry holds blends.json, weights.json, metrics.json, oof.parquet and importances.json (see
    `yule_models.ensemble.EnsembleFit`).

    Parameters:
        fits: All `TrainFold` tasks: every model on every fold.
        labels: Task with the labelled rows.
        folds: The `AssignFolds` of these labels.
        targets: JSON: for each target its name, kind, and the classes of a multiclass one.
        baselines: JSON: names of models that are judged and never weighed.
        options: JSON: by target, its `EnsembleOptions`; targets that it lacks get the default.
    """

    VERSION: ClassVar[int] = 5
    format = FolderFormat()
    fits = UpstreamListParameter()
    labels = UpstreamParameter()
    folds = UpstreamParameter()
    targets = JsonParameter()
    baselines = JsonParameter(default=CanonicalJson.of([]))
    options = JsonParameter(default=CanonicalJson.of({}))

    def fingerprint(self) -> dict[str, Any]:
        """Return the library that calibrates and stacks, with its major.minor version."""
        return {"engine": versioned("scikit-learn")}

    def required_resources(self) -> Resources:
        """Return one core, and memory for the predictions of all models."""
        return Resources(cpu=1, memory_gib=2)

    def run(self) -> None:
        """Weigh, judge and store.

        Raises:
            EnsembleError: If no fit is of a model that `baselines` names, or `options` names what
                is no target.
        """
        targets = parse_targets(self.targets)
        options = {name: EnsembleOptions.of(own) for name, own in self.options.value.items()}
        if foreign := sorted(set(options) - {target.name for target in targets}):
            raise EnsembleError(
                f"There are options of {foreign[0]!r}, which is none of the targets "
                f"{[target.name for target in targets]}."
            )
        folds = self.folds.result()
        models, by_model = [], fits_by_model(self.fits)
        if unknown := sorted(set(self.baselines.value) - set(by_model)):
            raise EnsembleError(
                f"There is no fit of the baseline {unknown[0]!r}; the models are {[*by_model]}."
            )
        for name, fits in by_model.items():
            stored = {task.fold: task.result() for task in fits}
            tables = {fold: artefact.table("oof.parquet") for fold, artefact in stored.items()}
            importances = [artefact.json("importances.json") for artefact in stored.values()]
            models.append(
                ModelOof(
                    name=name,
                    is_candidate=name not in self.baselines.value,
                    predictions=gather_oof(tables, folds, targets, model=name),
                    importances=[importance for importance in importances if importance],
                )
            )
        fit = fit_ensemble(models, self.labels.result().table(), folds, targets, options)
        with self.writing() as folder:
            fit.write(folder)


def fits_by_model(fits: Sequence[Any]) -> dict[str, list[Any]]:
    """Group `TrainFold` tasks by the name of their model; both in order."""
    grouped: dict[str, list[Any]] = {}
    for task in sorted(fits, key=lambda task: (task.model.value["name"], task.fold)):
        grouped.setdefault(task.model.value["name"], []).append(task)
    return grouped
