"""The `mushroom` command, which needs the extra `cli`."""
