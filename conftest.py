"""For all tests: Ctrl-C works, whatever started them."""

import signal

# What a shell starts in the background ignores it, and so would every child of a test.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
