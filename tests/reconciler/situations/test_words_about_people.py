"""What an administrator reads about each user and account, word for word."""

from typing import Any

import pytest

from support.worlds.world import MAIL, World, guid, messages


def world() -> World:
    return World(
        sets={"Sales Team": ["Sales"], "Night Shift": ["Sales"]},
        seats={"Sales": 10},
        policy={"protected": ["safe@example.org"]},
        vendor={"operator": "robot@example.org"},
    )


def ana(*sets: str, **attributes: Any) -> World:
    """They have no account yet."""
    w = world()
    w.person("ana", *(sets or ("Sales Team",)), **attributes)
    return w


def holder(*sets: str, name: str = "ana", **attributes: Any) -> World:
    """They hold the Sales Team, and are in these sets' groups."""
    w = world()
    w.account(name, "Sales Team")
    w.person(name, *sets, **attributes)
    return w


def account(*, held: tuple[str, ...] = ("Sales Team",), **attributes: Any) -> World:
    """They are in the Sales Team, and there is this account."""
    w = ana()
    w.account("ana", *held, **attributes)
    return w


def another(w: World, name: str = "bob", **attributes: Any) -> World:
    w.person(name, "Sales Team", **attributes)
    return w


def inactive(last: str | None, *held: str) -> World:
    w = account(held=held, active=False)
    w.activations = {guid("ana"): last} if last else {}
    return w


def flapping() -> World:
    w = ana()
    w.memory = {"flapping": frozenset({guid("ana")})}
    return w


def deleted_account() -> World:
    w = ana()
    w.links = {guid("ana"): "acc-ana"}
    return w


def second_account() -> World:
    w = account()
    w.account("twin", externalId=guid("ana"))
    return w


def orphan(*held: str) -> World:
    w = world()
    w.account("ghost", *held, externalId=None)
    return w


@pytest.mark.parametrize(
    ("told", "code", "words"),
    [
        (
            ana(
                userPrincipalName=None,
                mail=None,
                userType=None,
                accountEnabled=None,
                givenName=None,
                surname=None,
            ),
            "R4",
            "Entra does not tell whether 649307c1-54d3-5acf-bc75-7b0e039d2021 is enabled. "
            "The user is left as is.",
        ),
        (
            ana("Sales Team", "Night Shift"),
            "U1",
            'ana@example.org is in "Night Shift", "Sales Team"; the vendor allows one. The '
            "user is left as is.",
        ),
        (holder("Night Shift"), "U2", "ana@example.org moves from Sales Team to Night Shift."),
        (
            holder(),
            "U3",
            "ana@example.org left Sales Team and is in no other set; the seat is released.",
        ),
        (
            ana(mail=None),
            "U4",
            'ana@example.org has no mail address, so gets no seat in "Sales Team" (a held '
            "one is kept).",
        ),
        (
            ana(userPrincipalName=None),
            "U5",
            "User 649307c1-54d3-5acf-bc75-7b0e039d2021 has no userPrincipalName, or "
            "nothing that is mapped to userName; no account can be created.",
        ),
        (
            ana(givenName=None),
            "U6",
            "ana@example.org has no given name or no surname in Entra; the vendor may "
            "refuse the account.",
        ),
        (
            ana(mail="a\u200bna@example.org"),
            "U7",
            'ana@example.org: emails[type eq "work"].value has U+200B zero width space at '
            "2. Nothing of it is sent (a held seat is kept).",
        ),
        (
            ana(surname="x" * 257),
            "U7",
            "ana@example.org: name.familyName has 257 characters, and 256 are allowed. "
            "Nothing of it is sent (a held seat is kept).",
        ),
        (
            holder("Sales Team", accountEnabled=False),
            "U9",
            "ana@example.org is disabled in Entra and holds no seat.",
        ),
        (
            holder(presence="deleted"),
            "U10",
            "ana@example.org was deleted in Entra; the account is deactivated, never deleted.",
        ),
        (
            holder(presence="gone"),
            "U11",
            "ana@example.org no longer exists in Entra; the account is deactivated, never deleted.",
        ),
        (
            inactive("deactivated"),
            "U12",
            "ana@example.org is back; the old account is reactivated.",
        ),
        (
            ana(userType="Guest"),
            "U13",
            'ana@example.org is a guest in "Sales Team"; guests get no seat (a held one is kept).',
        ),
        (
            ana(presence="uncertain"),
            "U16",
            "Entra contradicts itself about ana@example.org: it lists the user but does not find "
            "them, or gives two answers about their groups. The user is left as is until the next "
            "run.",
        ),
        (
            flapping(),
            "U17",
            "ana@example.org was granted a seat and lost it again within the last three "
            "plans, and would now get another one. The user is left as is.",
        ),
        (
            account(userName="old@example.org"),
            "A3",
            "ana@example.org was changed in Entra; the account follows.",
        ),
        (
            account(externalId=guid("former")),
            "A4",
            "The account ana@example.org is linked to a user who is no longer in Entra, and"
            " another one has its name now (ana@example.org, 649307c1-54d3-5acf-"
            "bc75-7b0e039d2021). Both are left as they are.",
        ),
        (
            account(held=(), externalId=None),
            "A5",
            "The account ana@example.org existed before. It is linked now.",
        ),
        (
            account(held=(), externalId=None, **{MAIL: "x@example.org"}),
            "A5",
            "The account ana@example.org existed before. User name and mail address do not both "
            "agree: left as is.",
        ),
        (
            account(externalId="ana"),
            "A6",
            "The externalId of ana@example.org is the mailNickname of ana@example.org, "
            "Microsoft's default, and would become the object id. Nobody loses a seat.",
        ),
        (second_account(), "A8", "2 accounts match ana@example.org. The user is left as is."),
        (
            orphan("Sales Team"),
            "A10",
            "The account ghost@example.org is not linked to anybody in Entra and holds a "
            "seat of Sales. It is never touched.",
        ),
        (
            orphan(),
            "A10",
            "The account ghost@example.org is not linked to anybody in Entra. It is never touched.",
        ),
        (
            deleted_account(),
            "A12",
            "ana@example.org had an account, which somebody deleted at the vendor. A new "
            "one is made only once this plan is approved.",
        ),
        (
            inactive("created", "Sales Team"),
            "A13",
            "Somebody deactivated the account of ana@example.org at the vendor. It is "
            "reactivated this once.",
        ),
        (
            inactive("reactivated", "Sales Team"),
            "A13",
            "Somebody deactivated the account of ana@example.org at the vendor. It was "
            "reactivated before, and is left as it is now.",
        ),
        (
            holder(name="robot"),
            "A16",
            "robot@example.org is the account that this program works with "
            "(`vendor.operator`); it is left as is.",
        ),
        (
            holder(name="safe"),
            "A17",
            "safe@example.org is protected and is left as is, whatever the groups say.",
        ),
        (
            account(held=("Sales Team", "Night Shift")),
            "A14",
            'The account of ana@example.org is also in "Night Shift" at the vendor; that '
            "one is taken back.",
        ),
    ],
)
def test_words(told: World, code: str, words: str) -> None:
    assert messages(told.plan(), code) == [words]


def test_u8_of_each_of_those_who_share_an_address() -> None:
    assert messages(another(ana(), mail="ana@example.org").plan(), "U8") == [
        f"{name}@example.org shares a user principal name or mail address (ana@example.org) with "
        "another user. Both are left as they are."
        for name in ("ana", "bob")
    ]


def test_a7_of_each_of_those_who_want_one_account() -> None:
    w = account(held=(), externalId=guid("bob"))
    assert messages(another(w).plan(), "A7") == [
        f"{name}@example.org has the user name or mail address of ana@example.org, which is linked "
        "to another living user. Both are left as they are."
        for name in ("ana", "bob")
    ]


def test_a9_of_each_of_those_whom_one_account_matches() -> None:
    w = account(held=(), externalId=None)
    w.accounts["acc-ana"][MAIL] = "bob@example.org"
    assert messages(another(w).plan(), "A9") == [
        f"The account ana@example.org matches {name}@example.org and somebody else. All are left "
        "as they are."
        for name in ("ana", "bob")
    ]
