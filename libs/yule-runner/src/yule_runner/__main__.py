"""`python -m yule_runner`."""

import sys

from gokart_store import collector_at_rest

with collector_at_rest():
    from yule_runner.commands import main

sys.exit(main())
