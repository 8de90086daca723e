"""Searching the parameters of a model within a fold, by trials on its inner validation part."""

from yule_models.search.choosing import chosen_trial, searched_params
from yule_models.search.errors import SearchError
from yule_models.search.sampling import check_sampler
from yule_models.search.space import SearchSpace, check_range, search_space
from yule_models.search.trial import run_trial, trials_seen

__all__ = [
    "SearchError",
    "SearchSpace",
    "check_range",
    "check_sampler",
    "chosen_trial",
    "run_trial",
    "search_space",
    "searched_params",
    "trials_seen",
]
