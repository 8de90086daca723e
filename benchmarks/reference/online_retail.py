"""The example by hand, in one script: the same SQL, folds, fits, ensemble and scores as `yule run`.

It shares with Yule the query builders, the estimators, the fold rule and the ensemble, called as
plain functions, the threads of each fit and query, and the number of processes. It has no tasks,
cache, verification, tracking or report, and nothing of it could be resumed or repeated.

    python -m reference.online_retail FOLDER_OF_THE_EXAMPLE OUTPUT.parquet [--start-up]
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from mushroom import (
    Catalog,
    check_catalog,
    load_catalog,
    open_warehouse,
    parse_instant,
    parse_labels,
)
from mushroom.features import feature_rows, parse_features
from mushroom.labels import labelled_rows
from mushroom.population import population_query
from mushroom.tasks.features.joined import join_columns
from mushroom.tasks.labels import label_query
from mushroom.tasks.population import described
from yule_models import Target, assign_folds, check_params, resolve_scheme
from yule_models.ensemble import ModelOof, fit_ensemble, gather_oof
from yule_models.scoring import EnsembleMember, score
from yule_models.training import train_fold

_THREADS, _SEED, _MOST_FOLDS = 1, 0, 5
_BASELINES = ("linear", "constant")


def main(root: Path, output: Path, *, only_start: bool) -> None:
    """Compute the predictions of the example, and write them as one table."""
    processes = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("spawn"), initializer=_load_engines
    ) as pool:
        if only_start:
            list(pool.map(_nothing, range(processes)))
        else:
            pq.write_table(_predict(root, pool), output, compression="zstd")


def _predict(root: Path, pool: Executor) -> pa.Table:
    case = yaml.safe_load((root / "case.yaml").read_text())
    warehouse = open_warehouse(case["warehouse"], root=root, cache=None)
    catalog = check_catalog(load_catalog(root / case["catalog"]), warehouse)

    kinds: dict[str, str] = case["labels"]["targets"]
    columns = {name: {"column": name, "kind": kind} for name, kind in kinds.items()}
    options = parse_labels({**case["labels"], "targets": columns})
    tables = {
        table: warehouse.run(label_query(table, options.columns), threads=_THREADS)
        for table in options.table
    }
    labels = labelled_rows(tables, options, timezone=catalog.timezone)
    as_of = parse_instant(str(case["score"]["as_of"]), timezone=catalog.timezone)
    query = population_query(catalog, case["score"]["population"], data_until=as_of, shards=1)
    found = warehouse.run(query, threads=_THREADS)
    population = described(found, as_of, as_of)

    training, scoring = (
        _described(pool, root, case, catalog.as_json(), rows) for rows in (labels, population)
    )
    targets = [Target.of({"name": name, "kind": kind}) for name, kind in kinds.items()]
    wanted = {"kind": "auto", "folds": _MOST_FOLDS, "horizon_s": options.horizon_s}
    scheme = resolve_scheme(wanted, labels)
    folds = assign_folds(labels, scheme, seed=_SEED)
    models = [{"name": m["name"], "kind": m["kind"], "candidate": True} for m in case["models"]]
    models += [{"name": kind, "kind": kind, "candidate": False} for kind in _BASELINES]
    models = [{**m, "params": check_params(m["kind"], {})} for m in models]
    models.sort(key=lambda model: str(model["name"]))
    with tempfile.TemporaryDirectory() as folder:
        features = training.result()
        fits = {
            (model["name"], fold): pool.submit(
                _fit, features, labels, folds, fold, model, targets, f"{folder}/{n}-{fold}"
            )
            for n, model in enumerate(models)
            for fold in range(scheme.folds)
        }
        oofs, places = [], {}
        for model in models:
            done = {f: fits[model["name"], f].result() for f in range(scheme.folds)}
            oof = {fold: pq.read_table(path / "oof.parquet") for fold, path in done.items()}
            predictions = gather_oof(oof, folds, targets, model=model["name"])
            oofs.append(
                ModelOof(
                    name=model["name"], is_candidate=model["candidate"], predictions=predictions
                )
            )
            places[model["name"]] = [path / "model" for path in done.values()]
        fitted = fit_ensemble(oofs, labels, folds, targets, {})
        members = [
            EnsembleMember(name=name, folders=folders)
            for name, folders in places.items()
            if any(name in blend.weights for blend in fitted.blends.values())
        ]
        return score([scoring.result()], members, targets, fitted.blends)


def _described(
    pool: Executor, root: Path, case: Mapping[str, Any], catalog: dict[str, Any], rows: pa.Table
) -> Any:
    return pool.submit(_describe, root, case["warehouse"], case["features"], catalog, rows)


def _describe(
    root: Path, url: str, features: Any, catalog: dict[str, Any], rows: pa.Table
) -> pa.Table:
    (feature,) = parse_features(features)
    query = feature.method.query(
        feature.options, catalog=Catalog.model_validate(catalog), entities=rows
    )
    warehouse = open_warehouse(url, root=root, cache=None)
    answer = warehouse.run(query.with_rows("entities", rows), threads=_THREADS)
    return join_columns(rows, [feature_rows(answer, name=feature.name, entities=rows)])


def _fit(  # noqa: PLR0917  # a pool's submit names no arguments
    features: pa.Table,
    labels: pa.Table,
    folds: pa.Table,
    fold: int,
    model: dict[str, Any],
    targets: list[Target],
    folder: str,
) -> Path:
    fit = train_fold(
        features, labels, folds, fold=fold, model=model, targets=targets, seed=_SEED,
        threads=_THREADS,
    )  # fmt: skip
    path = Path(folder)
    path.mkdir()
    fit.write(path)
    return path


def _load_engines() -> None:
    """Load in each worker what the models need, as far as it is not loaded yet."""
    for name in ("duckdb", "lightgbm", "sklearn.linear_model", "yule_models.estimators.neural"):
        import_module(name)


def _nothing(number: int) -> int:
    return number


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), only_start="--start-up" in sys.argv)
