"""The benchmarks: one module each, with a function `measure` that returns a `Result`."""
