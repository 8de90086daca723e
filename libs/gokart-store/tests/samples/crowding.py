"""Claims a key and sweeps, again and again: `python -m crowding STORE KEY`.

Each holder makes a file that no other may have made; several such processes run at once.
"""

import sys
from pathlib import Path

from gokart_store import FolderStore

_TIMES = 300


def main() -> None:
    store = FolderStore(Path(sys.argv[1]))
    alone = Path(store.url) / "alone"
    for _ in range(_TIMES):
        store.sweep(older_than_s=0)
        with store.claim(sys.argv[2]):
            alone.touch(exist_ok=False)
            alone.unlink()
    print("never two")


if __name__ == "__main__":
    main()
