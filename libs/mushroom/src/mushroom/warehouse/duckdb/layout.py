"""Which files make up a table: decided by their names alone, wherever they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from operator import eq
from pathlib import PurePosixPath

from mushroom.errors import WarehouseError

__all__ = ["FileTable", "find_table", "key_folders", "listed_tables"]

_ENDINGS = (".parquet", ".csv")

_WILDCARDS = frozenset("[*?")
_LAKE = "_delta_log"


@dataclass(frozen=True, kw_only=True)
class FileTable:
    """The files that are read as one table.

    Attributes:
        name: What the table is called.
        files: Their names, with folders, sorted.
        keys: The columns that the folders' names give, `key=value`, outermost first.
    """

    name: str
    files: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def is_parquet(self) -> bool:
        """Whether the files are Parquet; they are CSV otherwise."""
        return _ending(self.files[0]) == ".parquet"


def listed_tables(names: Iterable[str]) -> tuple[str, ...]:
    """The tables that a folder offers: its data files, and its folders with data files, sorted.

    Raises:
        WarehouseError: Two of them have one name.

    >>> listed_tables(["a.csv", "b/day=1/x.parquet", "b/day=2/x.parquet", "readme.txt"])
    ('a', 'b')
    """
    found: dict[str, str] = {}
    for name in filter(_is_data, names):
        top, is_folder, _ = name.partition("/")
        table = top if is_folder else PurePosixPath(top).stem
        if found.setdefault(table, top) != top:
            raise _twice(table, found[table], top)
    return tuple(sorted(found))


def find_table(names: Iterable[str], table: str) -> FileTable | None:
    """The files of a table; None where there are none.

    A table is a file without its ending, or all data files below a folder. Where nothing is called
    so literally, `*`, `?`, `[…]` stand for letters of a name, and `**` for any folders.

    Args:
        names: The names of all files, with folders.
        table: The table's name: of a file, of a folder, or a pattern.

    Raises:
        WarehouseError: The files are of two kinds, or have different `key=value` folders, or belong
            to a table of Delta Lake.
    """
    known = sorted(names)
    found = _matching(known, table, eq)
    if {name.count("/") == table.count("/") for name in found} == {True, False}:
        raise _twice(table, found[0], found[-1])
    if not found and _WILDCARDS & set(table):
        found = _matching(known, table, fnmatchcase)
    if not found:
        return None
    if lake := [name for name in found if _LAKE in name.split("/")]:
        raise WarehouseError(
            f"The table {table!r} belongs to Delta Lake, as {lake[0]} says: some of its files are "
            "no longer valid. Export it to Parquet first."
        )
    files = [name for name in found if _is_data(name)]
    if not files:
        return None
    for name in files[1:]:
        if _ending(name) != _ending(files[0]):
            raise _twice(table, files[0], name)
        if _keys(name) != _keys(files[0]):
            raise WarehouseError(
                f"The files of the table {table!r} lie in folders of different keys: {files[0]} "
                f"has {_shown(_keys(files[0]))}, and {name} has {_shown(_keys(name))}. Move them "
                "so that all have the same."
            )
    return FileTable(name=table, files=tuple(files), keys=_keys(files[0]))


def key_folders(name: str) -> str:
    """The part of a file's name that is data: its `key=value` folders.

    >>> key_folders("orders/2024/day=1/x.parquet")
    'day=1'
    """
    return "/".join(part for part in name.split("/")[:-1] if "=" in part)


def _matching(names: list[str], table: str, same: Callable[[str, str], bool]) -> list[str]:
    wanted = table.split("/")
    return [name for name in names if _is_covered(name.split("/"), wanted, same)]


def _is_covered(
    name: Sequence[str], table: Sequence[str], same: Callable[[str, str], bool]
) -> bool:
    """Whether a table's name is that of a file, of a file without its ending, or of a folder."""
    if not table or not name:
        return not table
    if table[0] == "**" and same is fnmatchcase:
        return any(_is_covered(name[k:], table[1:], same) for k in range(len(name)))
    if same(name[0], table[0]):
        return _is_covered(name[1:], table[1:], same)
    is_file = len(name) == len(table) == 1 and _ending(name[0]) in _ENDINGS
    return is_file and same(PurePosixPath(name[0]).stem, table[0])


def _is_data(name: str) -> bool:
    hidden = any(part.startswith((".", "_")) and "=" not in part for part in name.split("/"))
    return _ending(name) in _ENDINGS and not hidden


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _keys(name: str) -> tuple[str, ...]:
    parts = key_folders(name)
    return tuple(part.partition("=")[0] for part in parts.split("/")) if parts else ()


def _shown(keys: tuple[str, ...]) -> str:
    return ", ".join(keys) or "none"


def _twice(table: str, one: str, two: str) -> WarehouseError:
    return WarehouseError(
        f"There is the table {table!r} twice, as {one} and {two}; rename or remove one."
    )
