"""The Entra side: a tenant from a file, as Microsoft Graph would show it.

The file's shape: ``{groups: [{id, displayName, members: [ids], memberGroups: [ids], …}], users:
[{id, userPrincipalName, mail, givenName, surname, accountEnabled, userType, …}], deletedUsers:
[…], deletedGroups: […], servicePrincipals: [{id, appId, displayName, preferredSingleSignOnMode}],
signIns: [{id, appId, userId, createdDateTime, status: {errorCode}}]}``. A user may be of a type
that Graph derives: ``{"@odata.type": "#microsoft.graph.agentUser", …}``.
"""

import json
from pathlib import Path
from typing import Any, TypeAlias

from config.encoding import decoded

Resource: TypeAlias = dict[str, Any]


class Tenant:
    """One state of a tenant; `replace` puts another one in its place while a server runs."""

    def __init__(self, content: dict[str, list[Resource]]) -> None:
        self.replace(content)

    @classmethod
    def load(cls, path: Path) -> "Tenant":
        """From a file; raises OSError, or ValueError if it is no tenant file."""
        try:
            return cls(json.loads(decoded(path.read_bytes())))
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
            raise ValueError(f"no tenant file ({type(error).__name__}: {error})") from None

    def replace(self, content: dict[str, list[Resource]]) -> None:
        """Another state of the same tenant."""
        self.groups = {group["id"]: group for group in content["groups"]}
        self.users = {user["id"]: user for user in content["users"]}
        self.deleted = {user["id"]: user for user in content.get("deletedUsers", [])}
        self.deleted_groups = {group["id"]: group for group in content.get("deletedGroups", [])}
        self.service_principals = content.get("servicePrincipals", [])
        self.sign_ins = content.get("signIns", [])

    def delete_user(self, user_id: str) -> None:
        """To the recycle bin, where the memberships are kept; Graph's ``DELETE /users/{id}``."""
        self.deleted = {**self.deleted, user_id: self.users[user_id]}
        self.users = {key: user for key, user in self.users.items() if key != user_id}

    def restore_user(self, user_id: str) -> None:
        """Back from the recycle bin, into the same groups; ``deletedItems/{id}/restore``."""
        self.users = {**self.users, user_id: self.deleted[user_id]}
        self.deleted = {key: user for key, user in self.deleted.items() if key != user_id}

    def rename_group(self, group_id: str, name: str) -> None:
        """The group of this id has another name."""
        renamed = {**self.groups[group_id], "displayName": name}
        self.groups = {**self.groups, group_id: renamed}

    def exists(self, object_id: str) -> bool:
        """Whether there is a user or a group of this id."""
        return object_id in self.users or object_id in self.groups

    def type_of(self, object_id: str) -> str:
        """The ``@odata.type`` of a user or a group."""
        if object_id in self.groups:
            return "#microsoft.graph.group"
        return str(self.users.get(object_id, {}).get("@odata.type", "#microsoft.graph.user"))

    def members(self, group_id: str) -> list[Resource]:
        """A group's direct members with their ``@odata.type``."""
        group = self.groups[group_id]
        people = [
            {**self.users[member], "@odata.type": self.type_of(member)}
            for member in group.get("members", [])
            if member in self.users
        ]
        nested = [
            {**self.groups[member], "@odata.type": self.type_of(member)}
            for member in group.get("memberGroups", [])
            if member in self.groups
        ]
        return people + nested

    def transitive_members(self, group_id: str) -> list[Resource]:
        """A group's members and those of the groups inside it, each once."""
        found: dict[str, Resource] = {}
        groups = [group_id]
        while groups:
            for member in self.members(groups.pop()):
                if member["id"] not in found and member["id"] in self.groups:
                    groups.append(member["id"])
                found[member["id"]] = member
        return list(found.values())
