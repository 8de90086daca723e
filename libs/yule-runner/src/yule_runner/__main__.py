"""`python -m yule_runner`."""

import os
import signal
import sys
from types import FrameType


def _end(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
    os._exit(128 + signum)


# The first process of a container is not ended by a signal that it does not handle, and imports
# take seconds: a pod that is preempted meanwhile would use up its grace.
signal.signal(signal.SIGTERM, _end)

from gokart_store import collector_at_rest  # noqa: E402

with collector_at_rest():
    from yule_runner.commands import main

sys.exit(main())
