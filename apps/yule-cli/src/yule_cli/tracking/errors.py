"""What tracking fails with."""

from yule_cli.errors import YuleError

__all__ = ["TrackingError"]


class TrackingError(YuleError):
    """MLflow cannot be written; what the run computed and published is kept."""

    exit_code = 3
