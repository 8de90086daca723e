"""Safe, verified gokart targets on a folder or an object store, and the task base that uses them."""

__version__ = "0.1.0"
