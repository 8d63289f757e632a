"""A tenant with a set per group, whose Graph can be made to fail."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from werkzeug.wrappers import Request, Response

from config.settings import Settings
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant
from support.counterparts.running_vendor import settings_of

Fault = Callable[[Request], Response | None]


def guid(name: str) -> str:
    return str(uuid5(NAMESPACE_DNS, name))


def user(name: str, **attributes: Any) -> dict[str, Any]:
    return {
        "id": guid(name),
        "userPrincipalName": f"{name}@harbour.example",
        "mail": f"{name}@harbour.example",
        "givenName": name.title(),
        "surname": "Abel",
        "accountEnabled": True,
        "userType": "Member",
        **attributes,
    }


def group(name: str, *members: str, **attributes: Any) -> dict[str, Any]:
    members_ = [guid(member) for member in members]
    return {"id": guid(name), "displayName": name, "members": members_, **attributes}


PEOPLE = [f"user{at}" for at in range(25)]
GROUPS = {"Sales Team": PEOPLE, "Night Desk": ["user1"]}


class SmallTenant:
    """Two groups (or others), 25 users, one in the recycle bin; `with tenant.sandbox` runs it."""

    def __init__(self, folder: Path, groups: Mapping[str, Iterable[str]] = GROUPS) -> None:
        self.folder = folder
        self.sandbox = Sandbox(
            Tenant(
                {
                    "users": [user(name) for name in PEOPLE],
                    "groups": [group(name, *members) for name, members in groups.items()],
                    "deletedUsers": [user("leaver")],
                }
            ),
            [{"name": name, "products": ["Sales"]} for name in groups],
            {"Sales": 50},
        )

    @property
    def settings(self) -> Settings:
        return settings_of(self.sandbox, self.folder)

    def fail(self, fault: Fault) -> None:
        """`fault` may answer a request in Graph's place."""
        graph = self.sandbox.graph
        sound = graph.answer
        graph.answer = lambda request: fault(request) or sound(request)  # type: ignore[method-assign]

    def checked_members(self) -> list[str]:
        """What asks, from now on, which groups somebody is in; batches have such requests."""
        asked: list[str] = []

        def note(request: Request) -> None:
            if request.path.endswith("/checkMemberGroups"):
                asked.append(request.path)

        self.fail(note)
        return asked
