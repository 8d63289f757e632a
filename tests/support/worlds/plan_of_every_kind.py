"""A plan with an operation of every kind, every severity, and names that mean no good."""

from functools import cache

from reconciler.model.plan import Plan
from support.worlds.world import MAIL, World, guid

HOSTILE = {
    "formula": "=HYPERLINK(1)@x",
    "markup": "<script>alert(1)</script>@x",
    "bidi": "ana\u202egro.example@x",
    "zero width": "a\u200bna@x",
    "newline": "ana\r\nSet-Cookie: x@x",
    "plus": "+1@x",
}


@cache
def every_kind() -> Plan:
    world = World(
        sets={
            "Sales Team": ["Sales"],
            "Marketing Team": ["Marketing"],
            "Both": ["Sales", "Marketing"],
        },
        seats={"Sales": 20, "Marketing": 1},
        groups={"Sales Team": ("g",), "Marketing Team": ("g",)},
        policy={"max_revokes": 0, "max_revoke_percent": 0},
    )
    for name, shown in HOSTILE.items():
        world.person(
            name,
            "Sales Team",
            userPrincipalName=shown,
            mail=f"{len(name)}{name[:2]}@x.example",
            displayName=f"{shown} Jr",
        )
    world.account("leaver", "Sales Team")
    world.person("leaver", displayName="Lea Leaver")
    world.account("mover", "Marketing Team")
    world.person("mover", "Sales Team")
    world.account("back", active=False)
    world.person("back", "Sales Team")
    world.account("renamed", "Sales Team", userName="old@example.org")
    world.person("renamed", "Sales Team")
    world.account("found", "Sales Team", externalId=None)
    world.person("found", "Sales Team")
    world.person("both", "Both")
    world.person("tom", "Marketing Team", displayName="Tom Tailor")
    world.person("undecided", "Sales Team", "Both")
    world.members.append(("Sales Team", guid("printer"), "device"))
    assert MAIL in world.accounts["acc-found"]
    return world.plan()
