"""Who asks, and what they may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yule_runner.testing.kubernetes.http.request import Request
from yule_runner.testing.kubernetes.status import ApiError, forbidden

__all__ = ["ADMIN_TOKEN", "Access", "Role"]

Json = dict[str, Any]

ADMIN_TOKEN = "admin-of-a-simulated-cluster"  # noqa: S105 - opens nothing but a simulator
_ANONYMOUS = "system:anonymous"


@dataclass(frozen=True, kw_only=True)
class Role:
    """What somebody may do.

    Attributes:
        namespace: where; `*` for everywhere.
        resources: plurals, with subresources as `pods/log`; `*` for all.
        verbs: `*` for all.
    """

    namespace: str = "*"
    resources: tuple[str, ...] = ("*",)
    verbs: tuple[str, ...] = ("*",)

    def allows(self, verb: str, resource: str, namespace: str) -> bool:
        """Say whether this role covers a request."""
        return (
            self.namespace in ("*", namespace)
            and bool({"*", resource} & set(self.resources))
            and bool({"*", verb} & set(self.verbs))
        )


class Access:
    """Bearer tokens, the users behind them, and their roles.

    From the start `ADMIN_TOKEN` may do everything; nobody else may do anything.
    """

    def __init__(self) -> None:
        self._users: dict[str, str] = {}
        self._roles: dict[str, list[Role]] = {}
        self.add("admin", ADMIN_TOKEN, Role())

    def add(self, user: str, token: str, *roles: Role) -> None:
        """Let a user in by a token, with these roles."""
        self._users[token] = user
        self._roles[user] = list(roles)

    def roles(self, user: str) -> list[Role]:
        """Return what a user may do."""
        return list(self._roles.get(user, []))

    def let_everybody_in(self) -> None:
        """Give requests without a token every right: kubectl sends none without TLS."""
        self._roles[_ANONYMOUS] = [Role()]

    def revoke(self, token: str) -> None:
        """Let nobody in by this token any more."""
        self._users.pop(token, None)

    def user(self, authorization: str | None) -> str:
        """Return who asks.

        Raises:
            ApiError: 401, for a token that nobody has.
        """
        if authorization is None:
            return _ANONYMOUS
        user = self._users.get(authorization.removeprefix("Bearer "))
        if user is None:
            raise ApiError(401, "Unauthorized", "Unauthorized")
        return user

    def check(self, user: str, request: Request) -> None:
        """Refuse what the user may not do.

        Raises:
            ApiError: 403, naming user, verb, resource and namespace.
        """
        resource, plural = request.resource, request.resource.plural
        if request.subresource:
            plural = f"{plural}/{request.subresource}"
        if self.allows(user, request.verb, plural, request.namespace):
            return
        where = (
            f'in the namespace "{request.namespace}"'
            if request.namespace
            else "at the cluster scope"
        )
        why = (
            f'User "{user}" cannot {request.verb} resource "{plural}" in API group '
            f'"{resource.group}" {where}'
        )
        raise forbidden(resource.group, resource.plural, request.name, why)

    def allows(self, user: str, verb: str, resource: str, namespace: str) -> bool:
        """Say whether one of the user's roles covers a request."""
        roles = self._roles.get(user, [])
        return any(role.allows(verb, resource, namespace) for role in roles)

    def review(self, user: str, body: Json) -> Json:
        """Answer a SelfSubjectAccessReview."""
        asked = body.get("spec", {}).get("resourceAttributes", {})
        plural = asked.get("resource", "")
        if asked.get("subresource"):
            plural = f"{plural}/{asked['subresource']}"
        allowed = self.allows(user, asked.get("verb", ""), plural, asked.get("namespace", ""))
        return {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "metadata": {},
            "spec": {"resourceAttributes": asked},
            "status": {"allowed": allowed},
        }
