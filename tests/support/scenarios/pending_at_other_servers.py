"""Operations of every kind, pending at a SCIM server that is not the sandbox's."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from reconciler.model.plan import Kind
from support.counterparts.scim_probes import adding
from support.counterparts.scim_servers import Server
from support.scenarios.pending_operations import (
    BYSTANDER,
    DIFFERENT,
    HER_SET,
    MAIL,
    PENDING,
    SETS,
    PendingOperations,
    account_of,
)

Account = dict[str, Any]


ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

ATTRIBUTES: dict[str, Callable[[str], Account]] = {
    "userType": lambda value: {"userType": value},
    f"{ENTERPRISE}:department": lambda value: {ENTERPRISE: {"department": value}},
    'entitlements[type eq "seat"].value': lambda value: {
        "entitlements": [{"type": "seat", "value": value}]
    },
}
"""What a user says who holds a set by an attribute of this path."""


class Elsewhere(PendingOperations):
    """Entra is the sandbox's; accounts and groups are made and looked at without our client.

    With an `attribute`, sets are held by it, and there is no group.
    """

    def __init__(self, folder: Path, server: Server, attribute: str = "") -> None:
        kinds = set(PENDING) - ({Kind.CREATE_SET_GROUP} if attribute else set())
        super().__init__(folder, *sorted(kinds, key=list(PENDING).index))
        self.server = server
        self.attribute = attribute

    def configure(self, **sections: Any) -> None:
        self.sandbox.token = self.server.token
        super().configure(**sections)
        yaml = YAML(typ="safe")
        content = yaml.load(self.config)
        content["vendor"]["base_url"] = self.server.url
        if self.attribute:
            content["vendor"]["membership"] = {"attribute": self.attribute}
        yaml.dump(content, self.config)

    @property
    def accounts(self) -> dict[str, Account]:
        """Per user what the server says about the account, without ids and its own additions."""
        return {
            user["userName"].partition("@")[0]: {
                "externalId": user.get("externalId"),
                "active": user.get("active"),
                "familyName": user["name"]["familyName"],
                "mail": [mail["value"] for mail in user["emails"]],
            }
            for user in self._all("Users")
        }

    @property
    def holders(self) -> dict[str, list[str]]:
        """Per set the first part of its holders' user names, as often as they are stored."""
        if self.attribute:
            return {name: sorted(self._holding(name)) for name in SETS}
        names = {user["id"]: user["userName"].partition("@")[0] for user in self._all("Users")}
        return {
            group["displayName"]: sorted(names[at] for at in self.server.members(group["id"]))
            for group in self._all("Groups")
        }

    def _all(self, kind: str) -> list[dict[str, Any]]:
        return list(self.server.ask("GET", f"/{kind}").json()["Resources"])

    def _holding(self, name: str) -> Iterator[str]:
        for user in self._all("Users"):
            for attribute, value in ATTRIBUTES[self.attribute](name).items():
                if user.get(attribute) == value:
                    yield user["userName"].partition("@")[0]

    def _prepare_vendor(self) -> None:
        self._groups = {
            name: self.server.create("Group", displayName=name)
            for name in SETS
            if name != "Talent Team" and not self.attribute
        }
        self._make(BYSTANDER, HER_SET)
        for kind in self.kinds:
            name, held, _ = PENDING[kind]
            if kind not in {Kind.CREATE_ACCOUNT, Kind.CREATE_SET_GROUP}:
                changes = DIFFERENT.get(kind, {}) | (
                    {"externalId": ""} if kind is Kind.LINK else {}
                )
                self._make(name, held, changes)

    def _make(self, name: str, held: str | None, changes: Account | None = None) -> None:
        said = account_of(name) | (changes or {})
        linked = {"externalId": said["externalId"]} if said["externalId"] else {}
        at = self.server.create(
            "User",
            userName=said["userName"],
            name={"givenName": said["name.givenName"], "familyName": said["name.familyName"]},
            emails=[{"type": "work", "value": said[MAIL], "primary": True}],
            active=said["active"],
            **linked,
            **(ATTRIBUTES[self.attribute](held) if held and self.attribute else {}),
        )
        if held and not self.attribute:
            self.server.patch(f"/Groups/{self._groups[held]}", adding(at))
