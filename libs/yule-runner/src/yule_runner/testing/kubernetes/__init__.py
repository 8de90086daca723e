"""A Kubernetes control plane for tests, and a kubelet that runs pods as local processes.

Install the extra ``yule-runner[kubernetes-testing]``. `Cluster` is the control plane: storage,
API rules, Job controller, scheduler and garbage collector, on a virtual clock. `serve` gives it
an HTTP address that the official client and `kubectl` can talk to:

    from yule_runner.testing.kubernetes import Cluster, serve

    with serve(Cluster()) as server:
        server.write_kubeconfig(tmp_path / "kubeconfig")

The rules are those of Kubernetes 1.36; the conformance test in this package's tests compares
them with what a real control plane of that version did. Server-side apply, leases, reviews of
rules and namespaces that empty themselves are not simulated: nothing here asks for them.
"""

from yule_runner.testing.kubernetes.clock import VirtualClock
from yule_runner.testing.kubernetes.cluster import Cluster
from yule_runner.testing.kubernetes.http.access import Role
from yule_runner.testing.kubernetes.http.faults import Fault
from yule_runner.testing.kubernetes.http.server import ClusterServer, serve

__all__ = ["Cluster", "ClusterServer", "Fault", "Role", "VirtualClock", "serve"]
