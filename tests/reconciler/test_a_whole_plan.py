"""One plan of one company, word for word: everything that an administrator is told at once."""

import msgspec
from msgspec.structs import asdict

from reconciler.model.plan import Operation, Plan, State
from support.worlds.world import World, guid


def company() -> World:
    world = World(
        sets={"Sales": ["S"], "Marketing": ["M"], "Both": ["S", "M"], "Admins": []},
        admins=("Admins",),
        seats={"S": 9, "M": 3},
        policy={"protected": ["safe@example.org"], "max_revokes": 10},
        groups={"Sales": ("g1",), "Marketing": ("g2",), "Admins": ("g4",)},
    )
    world.settled("adam", "Admins")
    world.settled("ana", "Sales")
    for name, held, wanted in (
        ("bea", "Sales", ["Marketing"]),
        ("cyd", "Sales", []),
        ("joe", "Sales", []),
        ("safe", "Sales", []),
    ):
        world.account(name, held)
        world.person(name, *wanted)
    world.accounts["acc-joe"]["externalId"] = guid("nobody")
    world.account("dan", "Sales")
    world.person("dan", "Sales", accountEnabled=False)
    world.account("eva", "Marketing")
    world.person("eva", presence="deleted")
    world.account("fay", "Sales", userName="old@example.org", **{"name.familyName": "Former"})
    world.person("fay", "Sales")
    world.account("gus", externalId=None)
    world.person("gus", "Both")
    world.account("hal", active=False)
    world.person("hal", "Sales")
    world.account("ida", "Sales", "Marketing")
    world.person("ida", "Sales")
    world.account("jan", "Marketing", active=False)
    world.person("jan", "Marketing")
    world.person("kim", "Sales", "Marketing")
    world.person("lea", "Marketing", mail=None)
    world.person("max", "Marketing", userPrincipalName="max#EXT#@example.org", userType="Guest")
    for name in ("nia", "odo", "pia"):
        world.person(name, "Both")
    world.members += [("Sales", guid("laptop"), "device"), ("Sales", guid("inner"), "group")]
    return world


PLAN: Plan = company().plan()


def said(state: State) -> str:
    known = msgspec.to_builtins(state)
    return ", ".join(f"{what} {value}" for what, value in known.items())


def told(operation: Operation) -> str:
    who = operation.subject.name.split("@")[0]
    seats = [f"takes {name}" for name in operation.takes] + [
        f"frees {name}" for name in operation.frees
    ]
    needs = [f"after {at}" for at in operation.needs]
    return ", ".join(
        [f"{operation.index} {operation.kind} {who} ({operation.reason})", *seats, *needs]
    )


def test_what_is_done_in_which_order_and_why() -> None:
    assert [told(operation) for operation in PLAN.operations] == [
        "0 create_set_group Both (G18)",
        "1 link gus (A5)",
        "2 revoke cyd (U3), frees S",
        "3 revoke dan (U9), frees S",
        "4 revoke eva (U10), frees M",
        "5 revoke ida (A14), frees M",
        "6 deactivate_account eva (U10)",
        "7 deactivate_account dan (U9)",
        "8 deactivate_account cyd (U3)",
        "9 update_account fay (A3)",
        "10 reactivate_account jan (A13)",
        "11 move bea (U2), takes M, frees S",
        "12 create_account pia (A2)",
        "13 grant pia (S1), takes M, takes S, after 0, after 12",
        "14 reactivate_account hal (U12)",
        "15 grant hal (S1), takes S",
    ]


def test_what_each_account_is_before_and_after() -> None:
    assert [f"{said(o.before)} -> {said(o.after)}" for o in PLAN.operations] == [
        "exists False -> exists True",
        "attributes {} -> attributes {'externalId': '883c55f8-5d5c-54b9-a23b-0f243b5604de'}",
        "sets ('Sales',) -> sets ()",
        "sets ('Sales',) -> sets ()",
        "sets ('Marketing',) -> sets ()",
        "sets ('Marketing', 'Sales') -> sets ('Sales',)",
        "active True -> active False",
        "active True -> active False",
        "active True -> active False",
        "attributes {'userName': 'old@example.org', 'name.familyName': 'Former'} -> "
        "attributes {'userName': 'fay@example.org', 'name.familyName': 'Example'}",
        "active False -> active True",
        "sets ('Sales',) -> sets ('Marketing',)",
        "exists False -> exists True, attributes {'userName': 'pia@example.org', 'active': "
        "True, 'emails[type eq \"work\"].value': 'pia@example.org', 'name.givenName': "
        "'Pia', 'name.familyName': 'Example', 'externalId': "
        "'1f48a2f9-1c7b-569c-8523-b1d8e5f19705'}",
        "sets () -> sets ('Both',)",
        "active False -> active True",
        "sets () -> sets ('Sales',)",
    ]


def test_who_it_is_done_to() -> None:
    for operation in PLAN.operations:
        name = operation.subject.name.split("@")[0]
        if operation.subject.kind == "set":
            assert (operation.subject.id, operation.account) == (name, None)
        else:
            assert operation.subject.id == guid(name)
            assert operation.account == (None if name in {"nia", "odo", "pia"} else f"acc-{name}")


def test_what_is_said() -> None:
    assert [f"{found.code} {found.message}" for found in PLAN.findings] == [
        'U1 kim@example.org is in "Marketing", "Sales"; the vendor allows one. The user is '
        "left as is.",
        'U4 lea@example.org has no mail address, so gets no seat in "Marketing" (a held one '
        "is kept).",
        "S2 M: 3 purchased, 3 in use after this plan. Waiting: 3 (gus@example.org, "
        "odo@example.org, nia@example.org).",
        'S3 gus@example.org waits for "Both": M is full, S is free. A set is granted whole '
        "or not at all.",
        'S3 nia@example.org waits for "Both": M is full, S is free. A set is granted whole '
        "or not at all.",
        'S3 odo@example.org waits for "Both": M is full, S is free. A set is granted whole '
        "or not at all.",
        'G18 The vendor has no SCIM group "Both", so one is created. Whether its portal has a '
        "subscription set of this name cannot be seen over SCIM: its seats were not verified "
        "there.",
        "U3 cyd@example.org left Sales and is in no other set; the seat is released.",
        'U13 max#EXT#@example.org is a guest in "Marketing"; guests get no seat (a held one '
        "is kept).",
        'U14 Members of "Sales" that are not people: 1 (device). They are skipped (a '
        "held seat is kept).",
        'U15 Groups within "Sales": 1. Nested members are not provisioned, as in Entra.',
        "A5 The account gus@example.org existed before. It is linked now.",
        "A10 The account joe@example.org is not linked to anybody in Entra and holds a seat "
        "of S. It is never touched.",
        "A13 Somebody deactivated the account of jan@example.org at the vendor. It is "
        "reactivated this once.",
        'A14 The account of ida@example.org is also in "Marketing" at the vendor; that one is '
        "taken back.",
        "U2 bea@example.org moves from Sales to Marketing.",
        "U9 dan@example.org is disabled in Entra and holds no seat.",
        "U10 eva@example.org was deleted in Entra; the account is deactivated, never deleted.",
        "U12 hal@example.org is back; the old account is reactivated.",
        "A3 fay@example.org was changed in Entra; the account follows.",
        "A17 safe@example.org is protected and is left as is, whatever the groups say.",
    ]


def test_what_becomes_of_the_seats() -> None:
    assert [asdict(line) for line in PLAN.seats] == [
        {
            "product": "M",
            "purchased": 3,
            "used_before": 3,
            "unmanaged": 0,
            "unseen": 0,
            "frees": 2,
            "takes": 2,
            "used_after": 3,
            "waiting": 3,
            "wanted": 6,
            "idle": None,
        },
        {
            "product": "S",
            "purchased": 9,
            "used_before": 8,
            "unmanaged": 1,
            "unseen": 0,
            "frees": 3,
            "takes": 2,
            "used_after": 7,
            "waiting": 0,
            "wanted": 10,
            "idle": None,
        },
    ]


def test_who_waits() -> None:
    assert [
        (e.position, e.code, e.user.name, e.user.id, e.set, e.blocked_by, e.since_run)
        for e in PLAN.waiting
    ] == [
        (1, "S3", "gus@example.org", "883c55f8-5d5c-54b9-a23b-0f243b5604de", "Both", ("M",), 1),
        (2, "S3", "odo@example.org", "b7159bc1-8d7e-5ca4-9dbb-358fa0372440", "Both", ("M",), 1),
        (3, "S3", "nia@example.org", "cc1b15e9-d776-55ba-85e9-2304217b823d", "Both", ("M",), 1),
    ]


def test_what_the_guards_say() -> None:
    assert [f"{v.code} {v.outcome}: {v.message}" for v in PLAN.verdicts] == [
        "T2 passed: The API token is valid until 2027-02-28, for 96 days more.",
        'T5 passed: "Manage Users through IdP" is on.',
        "T4 passed: The plan takes less than a minute; the API token ends on 2027-02-28.",
        "R11 passed: The clock differs by less than a minute from Entra's; the limit is 5 min.",
        "R18 passed: The store knows whatever was lost in the last 7 days.",
        "R6 passed: The groups have 16 members.",
        "R9 passed: 5 of 10 users (50 %) would lose seats; the limit is 10 users. Highest "
        "share: 2 of 3 "
        'users (67 %) would lose set "Marketing"; the limit is 2 users.',
        "R22 passed: 1 of 12 accounts (8 %) would get another user name or mail address; "
        "with the last 7 days that is 1, and the limit is 5 accounts.",
        "R10 passed: 0 users become admins, 1 are; with the last 7 days that is 0, and the limit "
        "is 2 admins.",
        "A15 passed: 1 active admin now, 1 after the plan; one is to be left.",
    ]
