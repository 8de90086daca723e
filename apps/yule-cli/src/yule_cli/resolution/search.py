"""What the search of a model tries: the kind's ranges, as the case narrows or fixes them."""

from collections.abc import Collection
from typing import Any

from yule_models import check_range, check_sampler, search_space

from yule_cli.config import Document
from yule_cli.config.model import Search
from yule_cli.errors import CaseError
from yule_cli.resolution.blame import blaming, noting

__all__ = ["resolve_search"]


def resolve_search(
    kind: str, search: Search, fixed: Collection[str], place: int, document: Document
) -> dict[str, Any]:
    """Return the number of trials and the space, as `SearchTrial` takes it.

    Args:
        kind: Kind of the model.
        search: What the case says.
        fixed: Parameters that have a value already.
        place: Position of the model in the case.
        document: The case file.

    Raises:
        CaseError: If the kind has nothing to search, a range is impossible, or Optuna is missing.
    """
    path = ("models", place, "search")
    problems: list[str] = []
    with blaming(document, *path):
        check_sampler()
        search_space(kind)
    for name, ends in search.ranges.items():
        with noting(problems), blaming(document, *path, "ranges", name):
            check_range(kind, name, ends, fixed=fixed)
    if problems:
        raise CaseError(problems)
    with blaming(document, *path):
        space = search_space(kind, ranges=search.ranges, fixed=fixed)
    return {"trials": search.trials, "space": space}
