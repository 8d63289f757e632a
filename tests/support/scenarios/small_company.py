"""A small company and what happens to it in four nights: everything a seat depends on, once."""

from collections.abc import Mapping
from typing import Any

from support.counterparts.small_tenant import group, guid, user

SALES, MARKETING, TALENT = "Sales Team", "Marketing Team", "Talent Team"
SETS = {SALES: "Sales", MARKETING: "Marketing", TALENT: "Talent"}
BOUGHT = {"Sales": 9, "Marketing": 3, "Talent": 2}
"""Seats: more than anybody's groups ask for, so that only who has two accounts exceeds them."""

NIGHTS: tuple[dict[str, tuple[str, ...]], ...] = (
    {"first connection": ("ann", "ben", "cyd", "dee", "eve", "lea", "lia", "lou", "moe", "ren")},
    {"join": ("jon",), "leave": ("lea", "lia", "lou"), "move": ("moe",), "rename": ("ren",)},
    {"disable": ("dee",), "return": ("lea", "lou")},
    {"seats full": ("zed",)},
)
"""Per night its events, and whom they happen to. Talent Team has nobody but lou, who leaves it."""

EVENTS = tuple(event for night in NIGHTS for event in night)

MEMBERS: tuple[dict[str, str], ...] = (
    {SALES: "ann ben cyd dee lea lia moe ren", MARKETING: "eve", TALENT: "lou"},
    {SALES: "ann ben cyd dee jon ren", MARKETING: "eve moe", TALENT: ""},
    {SALES: "ann ben cyd dee jon lea ren", MARKETING: "eve moe", TALENT: "lou"},
    {SALES: "ann ben cyd dee jon lea ren zed", MARKETING: "eve moe", TALENT: "lou"},
)
"""Per night the members of the groups in Entra ID."""

NAMES = sorted({name for held in MEMBERS for one in held.values() for name in one.split()})

Changes = Mapping[str, Mapping[str, Any]]
"""Per person what Entra ID says of them that is out of the ordinary."""

NEW_NAME = "ren.new@harbour.example"
RENAMED = {"surname": "Newname", "userPrincipalName": NEW_NAME, "mail": NEW_NAME}


def tenant(night: int, odd: Changes) -> dict[str, Any]:
    """The directory, once what this night brings has happened."""
    renamed = {"ren": RENAMED} if night >= 1 else {}
    disabled = {"dee": {"accountEnabled": False}} if night >= 2 else {}
    changes = {**odd, **renamed, **disabled}
    return {
        "users": [user(name, **changes.get(name, {})) for name in NAMES],
        "groups": [group(name, *members.split()) for name, members in MEMBERS[night].items()],
    }


def wishes(night: int) -> dict[str, str]:
    """Who should hold which set, by the directory alone: dee is disabled from the third on."""
    members = MEMBERS[night].items()
    desired = {name: held for held, names in members for name in names.split()}
    return {name: held for name, held in desired.items() if name != "dee" or night < 2}


PERSON = {guid(name): name for name in NAMES}
"""Whose object id it is."""
