"""Says which field of the case file an error of a library is about."""

from collections.abc import Iterator
from contextlib import contextmanager

from gokart_store import GokartStoreError
from mushroom import FeatureError, MushroomError
from yule_models import YuleModelsError

from yule_cli.config import Document
from yule_cli.config.document import FieldPath
from yule_cli.errors import CaseError

__all__ = ["blaming"]


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
        raise _problem(document, error.path or path, error.message) from error
    except (MushroomError, YuleModelsError, GokartStoreError) as error:
        raise _problem(document, path, str(error)) from error


def _problem(document: Document, path: FieldPath, message: str) -> CaseError:
    lines = message.splitlines()
    if len(lines) == 1:
        return CaseError([document.problem(path, f"cannot be used: {message}")])
    return CaseError([document.problem(path, "cannot be used:"), *(f"  {line}" for line in lines)])
