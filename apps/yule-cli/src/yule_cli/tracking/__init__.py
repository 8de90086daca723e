"""What the driver tells MLflow and TensorBoard about a run; workers never do."""

from yule_cli.tracking.curves import link_curves
from yule_cli.tracking.errors import TrackingError
from yule_cli.tracking.place import TrackingPlace, tracking_place
from yule_cli.tracking.process import Tracker
from yule_cli.tracking.recording import track_run

__all__ = [
    "Tracker",
    "TrackingError",
    "TrackingPlace",
    "link_curves",
    "track_run",
    "tracking_place",
]
