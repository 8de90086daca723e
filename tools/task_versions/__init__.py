"""Keeps the VERSION of every task honest, by the syntax trees of what the task computes."""
