"""The `mushroom` command, and what commands of other packages share with it.

Needs the extra `cli`.
"""
