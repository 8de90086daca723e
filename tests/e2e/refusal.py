"""A shop that was run once, and what must hold when a wrong input is refused there."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from shop import run_yule


@dataclass(frozen=True)
class Shop:
    """A folder with a case, its catalogue, its data, and what an earlier run left behind."""

    folder: Path

    @property
    def case(self) -> Path:
        return self.folder / "case.yaml"

    @property
    def catalog(self) -> Path:
        return self.folder / "catalog.yaml"

    def copy(self, folder: Path) -> "Shop":
        shutil.copytree(self.folder, folder, symlinks=True)
        return Shop(folder)

    def edit(self, old: str, new: str, *, file: str = "case.yaml") -> None:
        path = self.folder / file
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new))

    def table(self, name: str, change: Callable[[pa.Table], pa.Table]) -> None:
        path = self.folder / "data" / f"{name}.parquet"
        pq.write_table(change(pq.read_table(path)), path)

    def as_csv(self, name: str, change: Callable[[str], str]) -> None:
        """Have a table as text, one of its first lines changed."""
        path = self.folder / "data" / f"{name}.parquet"
        text = path.with_suffix(".csv")
        pyarrow.csv.write_csv(pq.read_table(path), text)
        path.unlink()
        head, third, rest = (text.read_text().split("\n", 3)[i] for i in (0, 2, 3))
        text.write_text("\n".join([head, change(third), rest]))

    def outputs(self) -> dict[str, str]:
        """Everything that runs left behind, by its path; the memory of file hashes aside."""
        state = self.folder / ".yule"
        return {
            str(path.relative_to(state)): _content(path)
            for path in sorted(state.rglob("*"))
            if (path.is_symlink() or path.is_file()) and "side/warehouse" not in str(path)
        }


def refuse(shop: Shop, *command: str, case: Path | None = None, exit_code: int = 2) -> list[str]:
    """Run a command that must be refused; return what it says, paths relative to the shop.

    Nothing is computed, and nothing that was there before changes by a byte.
    """
    command = command or ("validate",)
    before = shop.outputs()
    completed = run_yule(command[0], case or shop.case, *command[1:])
    assert completed.returncode == exit_code, completed.stdout + completed.stderr
    assert "Traceback" not in completed.stderr
    assert completed.stdout == "" or isinstance(json.loads(completed.stdout), dict)
    assert shop.outputs() == before
    said = completed.stderr.replace(f"{shop.folder}/", "").splitlines()
    return [line for line in said if not line.startswith("Resolving ")]


def _content(path: Path) -> str:
    if path.is_symlink():
        return f"-> {path.readlink()}"
    return hashlib.sha256(path.read_bytes()).hexdigest()
