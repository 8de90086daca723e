"""What a search tries next, as the tree-structured Parzen estimator of Optuna suggests it.

Bergstra, Bardenet, Bengio and Kégl: Algorithms for hyper-parameter optimization, NeurIPS 2011;
Akiba et al.: Optuna, KDD 2019.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from yule_models.errors import MissingLibraryError

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

    from yule_models.search.space import SearchSpace

__all__ = ["check_sampler", "suggest"]

_DIGITS = 4
"""Of a suggested number, so that the last bits of one machine's logarithm decide nothing."""


def check_sampler() -> None:
    """Say so where the library is missing.

    Raises:
        MissingLibraryError: If it is not installed.
    """
    if find_spec("optuna") is None:
        raise MissingLibraryError(
            "A search needs Optuna, which is not installed: pip install 'yule-models[search]'."
        )


def suggest(
    space: SearchSpace, earlier: Sequence[Mapping[str, Any]], *, seed: int, random_trials: int
) -> dict[str, int | float]:
    """Suggest the parameters of a trial.

    Args:
        space: What may be tried.
        earlier: Trials to learn from, each with `params` and `loss`; None where it failed.
        seed: Seed of the sampler.
        random_trials: With fewer trials to learn from, parameters are drawn at random.

    Returns:
        A value of each parameter of the space, of four digits.

    Raises:
        MissingLibraryError: If Optuna is not installed.
    """
    check_sampler()
    import optuna

    distributions = {name: _distribution(known) for name, known in space.items()}
    finished = [trial for trial in earlier if trial["loss"] is not None]
    with _silent():
        sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=random_trials)
        study = optuna.create_study(direction="minimize", sampler=sampler)
        study.add_trials(
            [
                optuna.trial.create_trial(
                    params=dict(trial["params"]), distributions=distributions, value=trial["loss"]
                )
                for trial in finished
            ]
        )
        found = study.ask(distributions).params
    return {name: _rounded(found[name], known) for name, known in space.items()}


def _distribution(known: Mapping[str, Any]) -> BaseDistribution:
    from optuna.distributions import FloatDistribution, IntDistribution

    kind = IntDistribution if isinstance(known["low"], int) else FloatDistribution
    found: BaseDistribution = kind(known["low"], known["high"], log=known["log"])
    return found


def _rounded(value: int | float, known: Mapping[str, Any]) -> int | float:
    if isinstance(value, int):
        return value
    rounded = float(f"{value:.{_DIGITS}g}")
    return float(min(max(rounded, known["low"]), known["high"]))


@contextmanager
def _silent() -> Iterator[None]:
    """Keep Optuna from writing of each study to stderr, and leave its level as it was."""
    from optuna import logging

    level = logging.get_verbosity()
    logging.set_verbosity(logging.WARNING)
    try:
        yield
    finally:
        logging.set_verbosity(level)
