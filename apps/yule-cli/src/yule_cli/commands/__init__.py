"""The subcommands of `yule`: each parses its arguments, calls one function, and prints."""
