"""Says which field of the case file an error of a library is about."""

from collections.abc import Iterator
from contextlib import contextmanager

from gokart_store import GokartStoreError
from mushroom import CatalogError, EntityError, FeatureError, MushroomError
from yule_models import YuleModelsError
from yule_models.folds import FoldError

from yule_cli.config import Document
from yule_cli.config.document import FieldPath
from yule_cli.errors import CaseError

__all__ = ["blaming", "noting"]


@contextmanager
def blaming(document: Document, *path: str | int) -> Iterator[None]:
    """Turn an error of one of the libraries into a problem of a field.

    Args:
        document: The case file.
        path: The field that the block resolves; an error that knows more precisely is followed.

    Raises:
        CaseError: Instead of the library's error.
    """
    try:
        yield
    except FeatureError as error:
        problems = [
            problem
            for fault in (error, *error.others)
            for problem in _problem(document, fault.path or path, fault.message).problems
        ]
        raise CaseError(problems) from error
    except CatalogError as error:
        raise _problem(document, ("catalog",), str(error)) from error
    except EntityError as error:
        problems = [
            problem
            for fault in error.faults
            for problem in _problem(document, (*path, *fault.path), fault.message).problems
        ]
        raise (CaseError(problems) if problems else _problem(document, path, str(error))) from error
    except FoldError as error:
        field = () if error.field is None else (error.field,)
        raise _problem(document, (*path, *field), str(error)) from error
    except (MushroomError, YuleModelsError, GokartStoreError) as error:
        raise _problem(document, path, str(error)) from error


@contextmanager
def noting(problems: list[str]) -> Iterator[None]:
    """Keep the problems of a block, so that those of others are found too."""
    try:
        yield
    except CaseError as error:
        problems.extend(error.problems)


def _problem(document: Document, path: FieldPath, message: str) -> CaseError:
    lines = message.splitlines()
    if len(lines) == 1:
        return CaseError([document.problem(path, f"cannot be used: {message}")])
    return CaseError([document.problem(path, "cannot be used:"), *(f"  {line}" for line in lines)])
