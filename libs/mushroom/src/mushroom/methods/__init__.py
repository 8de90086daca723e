"""Download methods: GoogleSQL files over logical tables, which declare their parameters."""

from mushroom.methods.declaration import Declaration, ParameterDeclaration
from mushroom.methods.library import load_method, method_names
from mushroom.methods.method import Method, parse_method

__all__ = [
    "Declaration",
    "Method",
    "ParameterDeclaration",
    "load_method",
    "method_names",
    "parse_method",
]
