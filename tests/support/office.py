"""A tenant with a set per group, whose Graph can be made to fail."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from invented_vendor import settings_of
from werkzeug.wrappers import Request, Response

from config.settings import Settings
from connectors.sandbox.server import Sandbox
from connectors.sandbox.tenant import Tenant

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


class Office:
    """Two groups, 25 people, one in the recycle bin; `with office.sandbox` runs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        people = [f"user{at}" for at in range(25)]
        self.sandbox = Sandbox(
            Tenant(
                {
                    "users": [user(name) for name in people],
                    "groups": [group("Sales Team", *people), group("Night Desk", "user1")],
                    "deletedUsers": [user("leaver")],
                }
            ),
            [{"name": name, "products": ["Sales"]} for name in ("Sales Team", "Night Desk")],
            {"Sales": 50},
        )

    @property
    def settings(self) -> Settings:
        return settings_of(self.sandbox, self.folder)

    def fail(self, fault: Fault) -> None:
        """`fault` may answer a request in Graph's place."""
        graph = self.sandbox.graph
        sound = graph._answer
        graph._answer = lambda request: fault(request) or sound(request)  # type: ignore[method-assign]
