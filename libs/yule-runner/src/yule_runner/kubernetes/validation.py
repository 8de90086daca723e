"""Manifests checked before they are sent: by schema, and by the rules that schemas cannot say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from yule_runner.errors import YuleRunnerError
from yule_runner.kubernetes.semantics import problems

__all__ = ["NEWEST_SUPPORTED", "OLDEST_SUPPORTED", "ManifestError", "validate_manifest"]

Json = dict[str, Any]

# 1.33 made backoffLimitPerIndex and successPolicy stable; all that we use is in it.
OLDEST_SUPPORTED = "1.33"
NEWEST_SUPPORTED = "1.37"
_VERSION = re.compile(r"v?(\d+)\.(\d+)")


class ManifestError(YuleRunnerError):
    """A manifest would be refused by the cluster, or do something else than it says."""

    exit_code = 2


def validate_manifest(manifest: Json, version: str | None = None) -> None:
    """Check a Job manifest.

    Args:
        manifest: the Job.
        version: the cluster's, as `1.36` or `v1.36.0-gke.1`; None checks the oldest and the
            newest supported one.

    Raises:
        ManifestError: with the problems found; or the version is too old, and which field it lacks.
        ImportError: the extra `kubernetes` is not installed.
    """
    versions = [OLDEST_SUPPORTED, NEWEST_SUPPORTED] if version is None else [_minor(version)]
    found = [text for each in versions for text in _schema_problems(manifest, each)]
    # The further rules rely on what the schemas say of types.
    found = found or list(problems(manifest))
    if found:
        name = manifest.get("metadata", {}).get("name", "")
        listed = "\n".join(f"  {text}" for text in dict.fromkeys(found))
        raise ManifestError(f"The Job {name!r} cannot be submitted:\n{listed}")


def _minor(version: str) -> str:
    """Return `1.NN`, or refuse what is not supported; newer ones are taken for the newest."""
    match = _VERSION.match(version)
    if match is None:
        raise ManifestError(f"{version!r} is no Kubernetes version: it should look like 1.36.")
    found = (int(match[1]), int(match[2]))
    oldest, newest = _pair(OLDEST_SUPPORTED), _pair(NEWEST_SUPPORTED)
    if found < oldest:
        raise ManifestError(
            f"The cluster runs Kubernetes {found[0]}.{found[1]}, and {OLDEST_SUPPORTED} is the "
            "oldest supported: `spec.backoffLimitPerIndex` is not stable before. Upgrade the "
            "cluster's control plane."
        )
    return NEWEST_SUPPORTED if found > newest else f"{found[0]}.{found[1]}"


def _pair(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor)


def _schema_problems(manifest: Json, version: str) -> Iterator[str]:
    import kubernetes_validate

    try:
        kubernetes_validate.validate(manifest, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        path = ".".join(str(step) for step in error.path) or "the manifest"
        yield f"{path}: {error.message} (schema of Kubernetes {version})"
    except kubernetes_validate.SchemaNotFoundError as error:
        yield f"kind: {error.message}"
