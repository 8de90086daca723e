"""Reading the files of a stored estimator, of which any may be damaged or absent."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yule_models.errors import EstimatorFormatError, YuleModelsError

__all__ = ["check_shape", "reading"]


@contextmanager
def reading(path: Path) -> Iterator[Path]:
    """Name the file where what is read from it is not what was stored.

    Raises:
        EstimatorFormatError: If reading fails, in whatever way a library has of failing.
    """
    try:
        yield path
    except (YuleModelsError, ImportError, MemoryError):
        raise
    except FileNotFoundError as error:
        raise EstimatorFormatError(
            f"{path} is missing, without which the estimator cannot be read; bring it back, or fit "
            "the estimator again."
        ) from error
    except Exception as error:  # safetensors, LightGBM and torch have errors of their own
        what = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise EstimatorFormatError(
            f"{path} does not hold what was stored of an estimator: {what}. Bring it back, or fit "
            "the estimator again."
        ) from error


def check_shape(name: str, shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
    """Refuse an array of another shape.

    Raises:
        ValueError: If it is; `reading` names the file.
    """
    if shape != expected:
        raise ValueError(f"{name} has the shape {shape}, where {expected} is needed")
