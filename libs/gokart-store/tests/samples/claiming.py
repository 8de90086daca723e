"""Claims a key: `python -m claiming STORE KEY [fork | no-locks]`; ends when stdin does.

`fork`: the holder forks a child, which lives on after it. `no-locks`: the kernel refuses flock, as
a file system that has none does.
"""

import ctypes
import os
import struct
import sys

from gokart_store import open_store

_FLOCK = {"x86_64": 73, "aarch64": 32}
_SECCOMP, _NO_NEW_PRIVILEGES, _FILTER = 22, 38, 2
_ERROR, _ALLOW = 0x00050000, 0x7FFF0000
_EOPNOTSUPP = 95


def refuse_flock() -> None:
    """Have the kernel answer every flock(2) of this process with EOPNOTSUPP."""
    number = _FLOCK[os.uname().machine]
    program = b"".join(
        struct.pack("HBBI", *instruction)
        for instruction in (
            (0x20, 0, 0, 0),  # load the call's number
            (0x15, 0, 1, number),  # is it flock?
            (0x06, 0, 0, _ERROR | _EOPNOTSUPP),
            (0x06, 0, 0, _ALLOW),
        )
    )
    buffer = ctypes.create_string_buffer(program)
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", 4, ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if libc.prctl(_SECCOMP, _FILTER, ctypes.byref(header)) != 0:
        raise SystemExit(f"no seccomp here: {os.strerror(ctypes.get_errno())}")


def say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    url, key, *how = sys.argv[1:]
    if "no-locks" in how:
        refuse_flock()
    try:
        with open_store(url).claim(key, lambda: say("waiting")):
            if "fork" not in how or os.fork() == 0:
                say("claimed")
            sys.stdin.readline()
    except KeyboardInterrupt:
        say("interrupted")
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
