"""An invented company for the demo: 60 people, the guide's four sets, one of each everyday trouble.

`last_week` is the company as it was when everybody had a seat; `today` is what happened since, and
`named_exactly` the same once the one group that is called a little otherwise has its name back.
"""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

Company = dict[str, list[dict[str, Any]]]
"""The shape of a tenant file: groups with members and memberGroups, users, deletedUsers."""

SETS: list[dict[str, Any]] = [
    {"name": "Sales Team", "description": "Everybody who sells", "products": ["Sales"]},
    {"name": "Marketing Team", "description": "Campaigns and events", "products": ["Marketing"]},
    {
        "name": "Sales-Marketing-Team",
        "description": "Both products",
        "products": ["Sales", "Marketing"],
    },
    {
        "name": "ZoomInfo Admins",
        "description": "Admin Portal and Sales",
        "products": ["Sales"],
        "admin": True,
    },
    {"name": "Talent Team", "description": "Recruiting", "products": ["Talent"]},
]
SEATS = {"Sales": 36, "Marketing": 22, "Talent": 6}

MISNAMED = "ZoomInfo-Admins"

_GIVEN = (
    "Ada Ben Cleo Dan Eva Finn Gia Hugo Ines Jon Kira Luis Mona Nils Olga Paul Quinn Rosa Sam Tara"
)
_FAMILY = "Abel Brandt Costa"
_DOMAIN = "harbour.example"


def last_week() -> Company:
    """Sixty people in their groups; nobody in two, no trouble."""
    users = [_user(given, family) for family in _FAMILY.split() for given in _GIVEN.split()]
    ids = [user["id"] for user in users]
    return {
        "users": users,
        "deletedUsers": [],
        "groups": [
            _group("Sales Team", ids[:24]),
            _group("Marketing Team", ids[24:38]),
            _group("Sales-Marketing-Team", ids[38:44]),
            _group("ZoomInfo Admins", ids[44:46]),
            _group("Talent Team", ids[46:50]),
            _group("Night Desk", ids[50:52]),
        ],
    }


def today() -> Company:
    """The same company after a week of ordinary life."""
    tenant = deepcopy(last_week())
    person = {user["givenName"] + " " + user["surname"]: user for user in tenant["users"]}
    group = {entry["displayName"]: entry for entry in tenant["groups"]}

    def members(name: str, *people: str, leave: Iterable[str] = ()) -> None:
        gone = {person[who]["id"] for who in leave}
        kept = [member for member in group[name]["members"] if member not in gone]
        group[name]["members"] = kept + [person[who]["id"] for who in people]

    # Three join and one leaves; one moves; for Marketing there is one seat less than wanted.
    members("Sales Team", "Mona Costa", "Nils Costa", "Olga Costa", leave=["Cleo Abel", "Dan Abel"])
    members("Marketing Team", "Dan Abel", "Paul Costa")
    members("Sales-Marketing-Team", "Quinn Costa", "Rosa Costa")
    # In two groups, which the vendor does not allow.
    members("Marketing Team", "Ada Abel")
    # Disabled, and deleted.
    person["Ben Abel"]["accountEnabled"] = False
    leaver = person["Eva Brandt"]
    members("Marketing Team", leave=["Eva Brandt"])
    tenant["users"].remove(leaver)
    tenant["deletedUsers"].append(leaver)
    # A new name, and with it a new user principal name and mail address.
    renamed = person["Gia Abel"]
    renamed["surname"] = "Lindqvist"
    renamed["userPrincipalName"] = renamed["mail"] = f"gia.lindqvist@{_DOMAIN}"
    # A guest, somebody without a mail address, and a group inside a group.
    guest = _user("Yara", "Outside")
    guest["userPrincipalName"] = f"yara_partner.example#EXT#@{_DOMAIN}"
    guest["userType"] = "Guest"
    tenant["users"].append(guest)
    person["Yara Outside"] = guest
    person["Sam Costa"]["mail"] = None
    members("Talent Team", "Yara Outside", "Sam Costa", "Tara Costa")
    group["Talent Team"]["memberGroups"] = [group["Night Desk"]["id"]]
    # Somebody tidied up the names of groups.
    group["ZoomInfo Admins"]["displayName"] = MISNAMED
    return tenant


def named_exactly() -> Company:
    """Today, after an administrator read the first plan: nobody who left a set is kept any more."""
    tenant = today()
    for group in tenant["groups"]:
        if group["displayName"] == MISNAMED:
            group["displayName"] = "ZoomInfo Admins"
    return tenant


def _user(given: str, family: str) -> dict[str, Any]:
    address = f"{given}.{family}@{_DOMAIN}".lower()
    return {
        "id": str(uuid5(NAMESPACE_DNS, address)),
        "userPrincipalName": address,
        "mail": address,
        "displayName": f"{given} {family}",
        "givenName": given,
        "surname": family,
        "accountEnabled": True,
        "userType": "Member",
    }


def _group(name: str, members: list[str]) -> dict[str, Any]:
    return {
        "id": str(uuid5(NAMESPACE_DNS, f"{name}.groups.{_DOMAIN}")),
        "displayName": name,
        "securityEnabled": True,
        "members": members,
        "memberGroups": [],
    }
