"""How far a fit has come, in one file that executes nothing."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any

import torch
from gokart_store import write_whole
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from yule_models.estimators.checkpoint_file import CheckpointFile

__all__ = ["CHECKPOINT_FILE", "PRETRAINING_FILE", "Checkpoint", "Course"]

CHECKPOINT_FILE = "checkpoint.safetensors"
PRETRAINING_FILE = "pretraining.safetensors"
_FORMAT = 2


@dataclass(kw_only=True)
class Course:
    """What a fit knows at the end of an epoch, besides its network and its optimiser.

    Attributes:
        epoch: Epochs done.
        points: The learning curve: the values of each epoch.
        best_epoch: The epoch with the best inner loss; the last one where there are no inner rows.
        best_loss: That loss.
        best_state: The network's weights then; None where there is no such loss.
    """

    epoch: int = 0
    points: list[dict[str, float]] = field(default_factory=list)
    best_epoch: int = 0
    best_loss: float = float("inf")
    best_state: dict[str, Tensor] | None = None

    def keep(self, loss: float, network: nn.Module) -> None:
        """Note that the present epoch is the best so far."""
        self.best_loss, self.best_epoch = loss, self.epoch
        self.best_state = copy.deepcopy(network.state_dict())


class Checkpoint(CheckpointFile):
    """A file that is replaced after each epoch."""

    def write(self, course: Course, network: nn.Module, optimiser: torch.optim.Optimizer) -> None:
        """Replace the file by the present state, random generators included."""
        tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
        tensors |= {f"best.{name}": value for name, value in (course.best_state or {}).items()}
        for number, state in optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{number}.{name}": value for name, value in state.items()}
        tensors["random.cpu"] = torch.get_rng_state()
        if next(network.parameters()).is_cuda:
            tensors["random.cuda"] = torch.cuda.get_rng_state()
        facts = {
            "format": _FORMAT,
            "fit": self.fit,
            "epoch": course.epoch,
            "points": course.points,
            "best_epoch": course.best_epoch,
            "best_loss": course.best_loss,
        }
        apart = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
        write_whole(self.path, save(apart, metadata={"facts": json.dumps(facts)}))

    def resume(self, network: nn.Module, optimiser: torch.optim.Optimizer) -> Course:
        """Put network, optimiser and random generators into the stored state.

        Returns:
            The stored course; a new one where there is none of this fit.
        """
        found = self._read()
        if found is None:
            return Course()
        facts, tensors = found
        network.load_state_dict(_below("network.", tensors))
        states: dict[int, dict[str, Tensor]] = {}
        for name, value in _below("optimiser.", tensors).items():
            number, _, what = name.partition(".")
            states.setdefault(int(number), {})[what] = value
        groups = optimiser.state_dict()["param_groups"]
        optimiser.load_state_dict({"state": states, "param_groups": groups})
        torch.set_rng_state(tensors["random.cpu"])
        if "random.cuda" in tensors:
            torch.cuda.set_rng_state(tensors["random.cuda"])
        return Course(
            epoch=facts["epoch"],
            points=facts["points"],
            best_epoch=facts["best_epoch"],
            best_loss=facts["best_loss"],
            best_state=_below("best.", tensors) or None,
        )

    def _read(self) -> tuple[dict[str, Any], dict[str, Tensor]] | None:
        try:
            with safe_open(self.path, "pt") as stored:
                facts = json.loads(stored.metadata()["facts"])
                if (facts["format"], facts["fit"]) != (_FORMAT, self.fit):
                    return None
                return facts, {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118  # no mapping
        except (OSError, SafetensorError, ValueError, KeyError, TypeError):
            return None


def _below(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }
