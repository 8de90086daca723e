"""`python -m mushroom`: the same as the `mushroom` command."""

from mushroom.cli.entry import main

main()
