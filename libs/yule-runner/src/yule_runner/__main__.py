"""`python -m yule_runner`."""

import sys

from yule_runner.commands import main

sys.exit(main())
