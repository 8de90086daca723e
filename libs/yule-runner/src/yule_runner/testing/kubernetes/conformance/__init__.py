"""Recordings of a real control plane, done again on the simulator and compared.

A recording is a file of JSON lines: requests with their answers, what watches saw, and what a
hand-made kubelet did. `read_recording` reads one, `replay` does the same on a simulator over
HTTP, and `transitions` says what each object went through, without what differs between runs.
"""

from yule_runner.testing.kubernetes.conformance.recording import Recording, read_recording
from yule_runner.testing.kubernetes.conformance.replay import Replayed, replay
from yule_runner.testing.kubernetes.conformance.transitions import normalised, transitions

__all__ = ["Recording", "Replayed", "normalised", "read_recording", "replay", "transitions"]
