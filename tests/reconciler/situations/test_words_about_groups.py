"""What an administrator reads about each group and set in trouble, word for word."""

import pytest

from reconciler.model.group_read import Group
from reconciler.model.known_sets import KnownSet
from support.worlds.world import NOW, World, guid, messages

SALES = Group("1", "Sales Team")
UNTOUCHED = "Nobody in the set is changed."
NOR_LEAVERS = (
    "Nobody in the set is changed, nor whoever left another set, for they may be in this one."
)


def read(**group: object) -> World:
    """The Sales Team, as its group was read."""
    return World(reads={"Sales Team": group})


def pinned(world: World, **pins: str) -> World:
    world.pins = {name.replace("_", " "): guid(pin) for name, pin in pins.items()}
    return world


def alike() -> World:
    near = (Group("8", "NA Other"), Group("9", "NA_Sales"))
    return World(
        sets={"NA Sales": ["Sales"], "NA-Sales": ["Sales"], "NA.Sales": ["Sales"]},
        reads={"NA Sales": {"near": near}},
    )


def sharing() -> World:
    shared = {"exact": (), "pinned": SALES}
    names = ("Sales Team", "Night Shift", "Day Shift")
    return pinned(
        World(
            sets={name: ["Sales"] for name in names},
            reads={"Sales Team": {"exact": (SALES,)}, "Night Shift": shared, "Day Shift": shared},
        ),
        Night_Shift="one",
        Day_Shift="one",
    )


def formerly_old_team() -> World:
    before = KnownSet(("Sales",), group_id=guid("Sales Team"))
    return World(groups={"Old Team": ("g1",)}, memory={"sets": {"Old Team": before}})


@pytest.mark.parametrize(
    ("world", "code", "words"),
    [
        (
            read(complete=False, because="page 3 of ? is missing"),
            "R2",
            'Group "Sales Team" was read incompletely (page 3 of ? is missing). Its users are left '
            "as they are, and so is whoever left another set, for they may be in this one.",
        ),
        (
            read(hidden=True, complete=False),
            "R5",
            'Group "Sales Team" hides its members, and the app may not see them. ' + NOR_LEAVERS,
        ),
        (World(), "R8", 'Group "Sales Team" has no members.'),
        (read(exact=()), "G1", f'There is no Entra group "Sales Team". {NOR_LEAVERS}'),
        (
            read(exact=(), near=(Group("8", "Sales-Team"), Group("9", "Sales_Team"))),
            "G2",
            'Set "Sales Team" is not group "Sales-Team": they differ at character 6, "-" there '
            f'and " " here. {NOR_LEAVERS}',
        ),
        (
            read(exact=(Group("2", "Sales Team"), SALES)),
            "G3",
            f'Several groups are named "Sales Team" (1, 2). {NOR_LEAVERS}',
        ),
        (
            World(sets={"Sales Team ": ["Sales"]}),
            "G5",
            f'Set "Sales Team " cannot be synced: it begins or ends with a space. {UNTOUCHED}',
        ),
        (
            pinned(read(exact=(), pinned=Group(guid("pin"), "Sales")), Sales_Team="pin"),
            "G6",
            'The pinned group of set "Sales Team" is now called "Sales". Its members keep their '
            "seats.",
        ),
        (
            pinned(World(), Sales_Team="gone"),
            "G7",
            'The group of set "Sales Team" is not the one of before; a group of that name has the '
            f"id {guid('Sales Team')}. {NOR_LEAVERS}",
        ),
        (
            read(exact=(), deleted=Group("1", "Sales Team", deleted_at=NOW)),
            "G8",
            'Group "Sales Team" was deleted on 2026-11-24 and is in the recycle bin. '
            + NOR_LEAVERS,
        ),
        (
            read(exact=(), deleted=SALES),
            "G8",
            f'Group "Sales Team" was deleted and is in the recycle bin. {NOR_LEAVERS}',
        ),
        (
            read(exact=(Group("1", "Sales Team", rule_processing="Paused"),)),
            "G9",
            'Group "Sales Team": its dynamic rule is paused, so its members are not up to date.',
        ),
        (
            read(exact=(Group("1", "Sales Team", security_enabled=False, role_assignable=True),)),
            "G9",
            'Group "Sales Team": it is not security-enabled, as Entra\'s own provisioning requires '
            "and directory roles can be assigned to it, so few people may change its members.",
        ),
        (
            World(sets={"Portal": [], "Sales Team": ["Sales"]}),
            "G10",
            'Set "Portal" has no products and is not an admin set. Nobody in it was changed.',
        ),
        (
            World(sets={"Talent Team": ["Talent", "Sales", "Data"]}),
            "G11",
            'Set "Talent Team" grants Talent, Data, of which the seat inventory knows nothing. '
            + UNTOUCHED,
        ),
        (
            World(groups={"Sales Team": ("g1", "g2")}),
            "G12",
            'Set "Sales Team" is not ready at the vendor: the vendor has 2 SCIM groups of this '
            "name. Nobody in it was changed.",
        ),
        (
            formerly_old_team(),
            "G12",
            'Set "Sales Team" is not ready at the vendor: the vendor still calls it "Old Team". '
            "Nobody in it was changed.",
        ),
        (
            formerly_old_team(),
            "G14",
            'Set "Old Team" is now called "Sales Team": the same group is bound to it, and no seat '
            "changes.",
        ),
    ],
)
def test_of_one_set(world: World, code: str, words: str) -> None:
    assert messages(world.plan(), code) == [words]


def test_g4_of_each_pair_that_is_easily_confused() -> None:
    assert messages(alike().plan(), "G4") == [
        f"{pair} differ only in case or separators. The exact one was used."
        for pair in (
            '"NA Sales" and "NA-Sales"',
            '"NA Sales" and "NA.Sales"',
            '"NA Sales" and "NA_Sales"',
            '"NA-Sales" and "NA.Sales"',
        )
    ]


def test_g17_of_each_set_that_shares_a_group() -> None:
    assert messages(sharing().plan(), "G17") == [
        f'Set "{name}" is bound to the same group as {others}; keep one. Nobody in them was '
        "changed."
        for name, others in (
            ("Day Shift", '"Night Shift", "Sales Team"'),
            ("Night Shift", '"Day Shift", "Sales Team"'),
            ("Sales Team", '"Day Shift", "Night Shift"'),
        )
    ]
