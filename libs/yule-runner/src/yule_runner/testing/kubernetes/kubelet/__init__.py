"""A kubelet that runs the containers of pods as processes of this machine.

It knows the cluster only through its HTTP API, so it serves the simulator and a real control plane
alike.
"""

from yule_runner.testing.kubernetes.kubelet.kubelet import ProcessKubelet

__all__ = ["ProcessKubelet"]
