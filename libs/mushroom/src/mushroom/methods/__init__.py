"""Download methods: GoogleSQL files over logical tables, which say what they need and return."""

from mushroom.methods.declaration import (
    Declaration,
    ParameterDeclaration,
    ResultDeclaration,
    TableDeclaration,
)
from mushroom.methods.library import load_method, method_names
from mushroom.methods.method import Method, parse_method

__all__ = [
    "Declaration",
    "Method",
    "ParameterDeclaration",
    "ResultDeclaration",
    "TableDeclaration",
    "load_method",
    "method_names",
    "parse_method",
]
