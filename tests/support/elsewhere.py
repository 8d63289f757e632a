"""The errands of every kind, waiting at a SCIM server that is not the sandbox's."""

from pathlib import Path
from typing import Any

from errands import BYSTANDER, DIFFERENT, ERRANDS, HER_SET, MAIL, SETS, Errands, account_of
from scim_probes import adding
from scim_servers import Server

from reconciler.model.plan import Kind

Account = dict[str, Any]


class Elsewhere(Errands):
    """Entra is the sandbox's; accounts and groups are made and looked at without our client."""

    def __init__(self, folder: Path, server: Server) -> None:
        super().__init__(folder)
        self.server = server

    def configure(self, **sections: Any) -> None:
        self.sandbox.token = self.server.token
        super().configure(**sections)
        text = self.config.read_text()
        self.config.write_text(text.replace(self.sandbox.scim_url, self.server.url))

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
        """Per group the first part of its members' user names, as often as they are stored."""
        names = {user["id"]: user["userName"].partition("@")[0] for user in self._all("Users")}
        return {
            group["displayName"]: sorted(names[at] for at in self.server.members(group["id"]))
            for group in self._all("Groups")
        }

    def _all(self, kind: str) -> list[dict[str, Any]]:
        return list(self.server.ask("GET", f"/{kind}").json()["Resources"])

    def _prepare_vendor(self) -> None:
        groups = {
            name: self.server.create("Group", displayName=name)
            for name in SETS
            if name != "Talent Team"
        }
        self._make(BYSTANDER, groups[HER_SET])
        for kind in self.kinds:
            name, held, _ = ERRANDS[kind]
            if kind not in {Kind.CREATE_ACCOUNT, Kind.CREATE_SET_GROUP}:
                changes = DIFFERENT.get(kind, {}) | (
                    {"externalId": ""} if kind is Kind.LINK else {}
                )
                self._make(name, groups[held] if held else "", changes)

    def _make(self, name: str, group: str, changes: dict[str, Any] | None = None) -> None:
        said = account_of(name) | (changes or {})
        linked = {"externalId": said["externalId"]} if said["externalId"] else {}
        at = self.server.create(
            "User",
            userName=said["userName"],
            name={"givenName": said["name.givenName"], "familyName": said["name.familyName"]},
            emails=[{"type": "work", "value": said[MAIL], "primary": True}],
            active=said["active"],
            **linked,
        )
        if group:
            self.server.patch(f"/Groups/{group}", adding(at))
