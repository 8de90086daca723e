"""What every format offers."""

from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from gokart_store.artefact import Artefact

__all__ = ["Format"]

T_co = TypeVar("T_co", covariant=True)


class Format(Protocol[T_co]):
    """Writes an object into a folder, and reads it back."""

    name: ClassVar[str]
    """Part of the identity of every task that uses the format."""

    def write(self, obj: Any, folder: Path) -> None:
        """Write an object into an empty folder.

        Raises:
            ParameterValueError: If the object cannot be written in this format.
        """

    def read(self, artefact: Artefact) -> T_co:
        """Read the object."""
