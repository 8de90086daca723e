"""Asks for a copy of a key: `python -m fetching STORE KEY`; with `fork`, in a child too.

Says which client each process uses, by whether it is the parent's.
"""

import os
import sys

from gokart_store import open_store
from gokart_store.stores.gcs.client import process_client


def main() -> None:
    url, key, *how = sys.argv[1:]
    store = open_store(url)
    print(store.local_path(key, may_be_kept=True).read_text(), flush=True)
    client = process_client()
    if "fork" in how:
        child = os.fork()
        if child == 0:
            store.write_bytes(f"{key}-child", b"from the child")
            print("same" if process_client() is client else "another", flush=True)
            os._exit(0)
        store.write_bytes(f"{key}-parent", b"from the parent")
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
