"""A run that should end in time: the richest preset whose forecast allows it, chosen beforehand."""

from yule_cli.deadline.choosing import DeadlineResolving, check_deadline, parse_deadline

__all__ = ["DeadlineResolving", "check_deadline", "parse_deadline"]
