"""The way to a cluster: configuration and credentials."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from yule_runner.kubernetes.errors import ClusterError

if TYPE_CHECKING:
    from kubernetes import client

__all__ = ["connect"]


def connect(kubeconfig: Path | None = None, context: str | None = None) -> client.ApiClient:
    """Return a client for a cluster.

    Args:
        kubeconfig: its file; None for the service account of the pod that this runs in, or else
            the file that kubectl would take.
        context: of the kubeconfig; None for its current one.

    Raises:
        ClusterError: there is no configuration, or it has no such context.
    """
    from kubernetes import client, config

    settings = client.Configuration()
    settings.retries = False  # we know what may be sent twice, and when
    try:
        if kubeconfig is None and context is None:
            with contextlib.suppress(config.ConfigException):
                load_own: Callable[..., None] = config.load_incluster_config
                load_own(client_configuration=settings)
                return client.ApiClient(settings)
        # The client looks at the variable once, when it is imported.
        file = os.environ.get("KUBECONFIG") if kubeconfig is None else str(kubeconfig)
        load: Callable[..., None] = config.load_kube_config
        load(file, context=context, client_configuration=settings)
    except (config.ConfigException, OSError) as error:
        place = kubeconfig or "the kubeconfig"
        raise ClusterError(
            f"There is no way to a cluster: {place} cannot be used: {error} Set KUBECONFIG, or "
            "name a context that `kubectl config get-contexts` lists."
        ) from error
    return client.ApiClient(settings)
