"""What the portal's page shows, as the keys of its JSON: the guide's page and the tenant behind."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.admin_portal import Account, Portal, PortalSet
from connectors.sandbox.availability import Pace
from connectors.sandbox.tenant import Tenant

State = dict[str, Any]

MOST = 200
"""Users whom the page lists; a tenant may have many thousand."""


def portal_view(portal: Portal, tenant: Tenant, pace: Pace, graph_pace: Pace) -> State:
    """Sets, seats, users, the token and the switch; groups and leavers of Entra ID."""
    used, accounts = portal.used(), portal.accounts()
    return {
        "token": portal.token,
        "token_expires": f"{portal.token_expires:%Y-%m-%d}" if portal.token else "",
        "token_expired": portal.expired(),
        "managed_through_idp": portal.managed_through_idp,
        "pace": pace.value,
        "graph_pace": graph_pace.value,
        "seats": [
            {"product": product, "purchased": purchased, "used": used[product]}
            for product, purchased in portal.seats.items()
        ],
        "sets": [_set(portal, item) for item in portal.sets.values()],
        "user_count": len(accounts),
        "users": _users(portal, accounts),
        "groups": _groups(portal, tenant),
        "members": _members(portal, tenant),
        "deleted": [_person(user) for user in reversed(tenant.deleted.values())][:MOST],
    }


def _set(portal: Portal, item: PortalSet) -> State:
    holders = portal.members(item.name)
    return {
        "name": item.name,
        "description": item.description,
        "products": item.products,
        "admin": item.admin,
        "last_synced": f"{item.last_synced:%Y-%m-%d %H:%M} UTC" if item.last_synced else "UnSynced",
        "created": f"{item.created:%Y-%m-%d %H:%M} UTC",
        "users": len(holders),
        "not_provisioned": len(portal.in_group(item.name) - holders),
    }


def _users(portal: Portal, accounts: list[Account]) -> list[State]:
    """By name, each with the state of its provisioning."""
    wanted = {account: name for name in portal.sets for account in portal.in_group(name)}
    return [
        {
            "name": account.display_name,
            "user_name": account.user_name,
            "set": portal.set_of.get(account.id, ""),
            "status": _status(account, portal.set_of, wanted),
        }
        for account in sorted(accounts, key=lambda one: one.user_name)[:MOST]
    ]


def _status(account: Account, held: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    if not account.active:
        return "Deactivated"
    if account.id in held:
        return "Provisioned"
    return "Not provisioned" if account.id in wanted else "No set"


def _groups(portal: Portal, tenant: Tenant) -> list[State]:
    """Entra ID's groups, with their members and whether there is a set of exactly that name."""
    return [
        {
            "id": group["id"],
            "name": str(group["displayName"]),
            "members": len(tenant.members(group["id"])),
            "has_set": group["displayName"] in portal.sets,
        }
        for group in tenant.groups.values()
    ]


def _members(portal: Portal, tenant: Tenant) -> list[State]:
    """Who is in a group that has a set, each once."""
    groups = [group for group in tenant.groups.values() if group["displayName"] in portal.sets]
    ids = dict.fromkeys(one for group in groups for one in group.get("members", ()))
    return [_person(tenant.users[one]) for one in ids if one in tenant.users][:MOST]


def _person(user: Mapping[str, Any]) -> State:
    return {"id": user["id"], "name": called(user)}


def called(user: Mapping[str, Any]) -> str:
    """A user as people know them, as far as the tenant tells."""
    return str(user.get("displayName") or user.get("userPrincipalName") or user["id"])
