"""The emulator's process: prints its port, and ends when stdin does, so that it outlives nobody."""

import logging
import sys
import threading
from functools import partial
from http.server import HTTPServer

from gcp_storage_emulator.handlers.buckets import create_bucket
from gcp_storage_emulator.server import RequestHandler
from gcp_storage_emulator.storage import Storage

__all__ = ["main"]


def main(buckets: list[str]) -> None:
    """Serve buckets from memory on a free port."""
    logging.disable(logging.CRITICAL)
    storage = Storage(use_memory_fs=True)
    for bucket in buckets:
        create_bucket(bucket, storage)
    server = HTTPServer(("127.0.0.1", 0), partial(RequestHandler, storage))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
