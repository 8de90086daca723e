"""What models take on this machine, foretold before they are fitted."""

from yule_models.effort.measuring import Effort, measure_effort
from yule_models.effort.steps import Steps, usual_steps

__all__ = ["Effort", "Steps", "measure_effort", "usual_steps"]
