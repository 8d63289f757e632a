"""Situations of users and accounts, one after the other, as a reader of a plan meets them."""

import pandas as pd
import pytest
from world import MAIL, World, codes, guid, kinds, messages

TEAMS = {"Sales Team": ["Sales"], "Marketing Team": ["Marketing"], "Both": ["Sales", "Marketing"]}


def world(**changes: object) -> World:
    return World(sets=TEAMS, seats={"Sales": 10, "Marketing": 10}, **changes)  # type: ignore[arg-type]


# Users in Entra


def test_a_settled_user_has_no_operation_and_no_finding() -> None:
    w = world()
    w.settled("ana", "Sales Team")
    assert w.plan().operations == ()
    assert w.plan().findings == ()


def test_a2_a_new_member_gets_an_account_and_then_the_set() -> None:
    w = world()
    ana = w.person("ana", "Sales Team")
    plan = w.plan()
    assert kinds(plan) == [("create_account", "ana"), ("grant", "ana")]
    create, grant = plan.operations
    assert create.after.attributes == {
        "userName": "ana@example.org",
        "active": True,
        MAIL: "ana@example.org",
        "name.givenName": "Ana",
        "name.familyName": "Example",
        "externalId": ana,
    }
    assert grant.takes == ("Sales",)
    assert grant.needs == (create.index,)


def test_r4_a_user_without_any_property_is_left_as_is() -> None:
    w = world()
    w.account("ana", "Marketing Team")
    nothing = dict.fromkeys(
        ["userPrincipalName", "mail", "givenName", "surname", "accountEnabled", "userType"]
    )
    w.person("ana", "Sales Team", **nothing)
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"R4"}


def test_u1_a_user_in_two_sets_keeps_what_she_holds() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.person("ana", "Sales Team", "Marketing Team")
    assert w.plan().operations == ()
    assert messages(w.plan(), "U1") == [
        'ana@example.org is in "Marketing Team", "Sales Team"; the vendor allows one. '
        "The user is left as is."
    ]


def test_u2_a_move_is_one_operation_that_takes_and_frees() -> None:
    w = world()
    w.account("ana", "Both")
    w.person("ana", "Sales Team")
    plan = w.plan()
    assert kinds(plan) == [("move", "ana")]
    assert plan.operations[0].frees == ("Marketing",)
    assert plan.operations[0].takes == ()


def test_u3_leaving_every_set_gives_the_seat_back_and_deactivates() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.person("ana")
    plan = w.plan()
    assert kinds(plan) == [("revoke", "ana"), ("deactivate_account", "ana")]
    assert plan.operations[0].frees == ("Sales",)
    assert plan.operations[1].needs == (0,)
    assert codes(plan) == {"U3"}


@pytest.mark.parametrize(
    ("code", "attribute"),
    [
        ("U9", {"accountEnabled": False}),
        ("U10", {"presence": "deleted"}),
        ("U11", {"presence": "gone"}),
    ],
)
def test_disabled_and_deleted_users_are_deactivated_never_deleted(
    code: str, attribute: dict[str, object]
) -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.person("ana", "Sales Team", **attribute)
    plan = w.plan()
    assert kinds(plan) == [("revoke", "ana"), ("deactivate_account", "ana")]
    assert {operation.reason for operation in plan.operations} == {code}


def test_a_state_that_was_not_read_is_never_taken_for_disabled() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.person("ana", "Sales Team", accountEnabled=None)
    assert w.plan().operations == ()


def test_a_disabled_user_is_released_from_several_groups_alike() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.person("ana", "Sales Team", "Both", accountEnabled=False)
    assert [kind for kind, _ in kinds(w.plan())] == ["revoke", "deactivate_account"]


def test_a_disabled_user_without_an_account_gets_none() -> None:
    w = world()
    w.person("ana", "Sales Team", accountEnabled=False)
    assert w.plan().operations == ()


@pytest.mark.parametrize(
    ("code", "attribute"),
    [
        ("U4", {"mail": None}),
        ("U5", {"userPrincipalName": None}),
        ("U13", {"userType": "Guest"}),
    ],
)
def test_who_may_not_get_a_seat_keeps_a_held_one(code: str, attribute: dict[str, object]) -> None:
    w = world()
    w.person("new", "Sales Team", **attribute)
    w.account("old", "Sales Team")
    w.person("old", "Sales Team", **attribute)
    assert w.plan().operations == ()
    assert codes(w.plan()) == {code}
    assert len(w.plan().findings) == 2


def test_u13_an_external_name_makes_a_guest_too() -> None:
    w = world()
    w.person("eve", "Sales Team", userPrincipalName="eve_out.org#EXT#@example.org")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"U13"}


def test_guests_get_seats_where_policy_allows_it() -> None:
    w = world(policy={"allow_guests": True})
    w.person("eve", "Sales Team", userType="Guest")
    assert ("grant", "eve") in kinds(w.plan())


def test_u6_a_missing_surname_is_a_warning_and_no_obstacle() -> None:
    w = world()
    w.person("ana", "Sales Team", surname=None)
    plan = w.plan()
    assert codes(plan) == {"U6"}
    assert "name.familyName" not in (plan.operations[0].after.attributes or {})


@pytest.mark.parametrize("shared", ["userPrincipalName", "mail"])
def test_u8_two_users_of_one_name_or_address_are_left_as_they_are(shared: str) -> None:
    w = world()
    w.settled("ana", "Sales Team")
    w.person("eve", "Sales Team", **{shared: "Ana@example.org"})
    assert w.plan().operations == ()
    assert len(messages(w.plan(), "U8")) == 2


def test_u14_and_u15_members_that_are_not_people_are_counted_and_skipped() -> None:
    w = world()
    w.members += [
        ("Sales Team", guid("printer"), "device"),
        ("Sales Team", guid("robot"), "servicePrincipal"),
        ("Sales Team", guid("inner"), "group"),
    ]
    plan = w.plan()
    assert plan.operations == ()
    assert codes(plan) == {"U14", "U15"}
    assert "2 members that are not people (device, servicePrincipal)" in messages(plan, "U14")[0]


def test_u12_a_user_who_is_back_gets_the_old_account() -> None:
    w = world()
    w.account("ana", active=False)
    w.person("ana", "Sales Team")
    assert kinds(w.plan()) == [("reactivate_account", "ana"), ("grant", "ana")]


# Accounts at the vendor


def test_a3_a_rename_is_an_update_and_touches_no_seat() -> None:
    w = world()
    w.account("ana", "Sales Team", userName="ana.old@example.org", **{"name.familyName": "Old"})
    w.person("ana", "Sales Team")
    plan = w.plan()
    assert kinds(plan) == [("update_account", "ana")]
    operation = plan.operations[0]
    assert operation.before.attributes == {
        "userName": "ana.old@example.org",
        "name.familyName": "Old",
    }
    assert operation.after.attributes == {
        "userName": "ana@example.org",
        "name.familyName": "Example",
    }
    assert operation.takes == operation.frees == ()


def test_case_alone_is_no_rename() -> None:
    w = world()
    w.account("ana", "Sales Team", userName="ANA@example.org", **{MAIL: "Ana@Example.org"})
    w.person("ana", "Sales Team")
    assert w.plan().operations == ()


def test_an_absent_value_does_not_erase_the_vendors() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.person("ana", "Sales Team", givenName=None)
    assert w.plan().operations == ()


def test_a_revoked_users_name_is_never_pushed() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.person("ana", presence="deleted", userPrincipalName="0f" * 16 + "ana@example.org")
    assert [kind for kind, _ in kinds(w.plan())] == ["revoke", "deactivate_account"]


def test_a4_the_account_of_a_recreated_user_is_not_guessed() -> None:
    w = world()
    w.account("ana", "Sales Team", externalId=guid("ana before"))
    w.person("ana before", presence="deleted")
    w.person("ana", "Sales Team")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"A4"}

    w.accounts["acc-ana"]["externalId"] = guid("ana")  # as the finding advises
    assert w.plan().operations == ()
    assert w.plan().findings == ()


def test_a5_an_unlinked_account_is_linked_when_name_and_mail_agree() -> None:
    w = world()
    w.account("ana", "Sales Team", externalId=None)
    ana = w.person("ana", "Sales Team")
    plan = w.plan()
    assert kinds(plan) == [("link", "ana")]
    assert plan.operations[0].after.attributes == {"externalId": ana}


@pytest.mark.parametrize(
    "difference", [{MAIL: "other@example.org"}, {"userName": "other@example.org"}]
)
def test_a5_otherwise_it_is_left_alone(difference: dict[str, str]) -> None:
    w = world()
    w.account("ana", externalId=None, **difference)
    w.person("ana", "Sales Team")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"A5"}


def test_a7_a_name_that_a_living_user_still_has_freezes_both() -> None:
    w = world()
    w.account("ana", "Sales Team", externalId=guid("bea"))
    w.person("bea", "Sales Team")  # renamed in Entra; her account still says ana
    w.person("ana", "Sales Team")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"A7"}
    assert len(w.plan().findings) == 2


def test_a7_swapped_names_freeze_both() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.account("bea", "Sales Team")
    w.person("ana", "Sales Team", userPrincipalName="bea@example.org")
    w.person("bea", "Sales Team", userPrincipalName="ana@example.org")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"A7"}


def test_a8_two_accounts_of_one_user_are_both_left_alone() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.accounts["acc-twin"] = {**w.accounts["acc-ana"], "account": "acc-twin", "userName": "twin"}
    w.person("ana")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"A8"}


def test_a9_one_account_that_matches_two_users_is_left_alone() -> None:
    w = world()
    w.account("ana", externalId=None)
    w.person("ana", "Sales Team")
    w.accounts["acc-ana"][MAIL] = "anna@example.org"
    w.person("anna", "Sales Team")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"A9"}


def test_a10_an_account_of_nobody_is_reported_and_counted() -> None:
    w = world()
    w.account("stranger", "Both", externalId=None)
    plan = w.plan()
    assert plan.operations == ()
    assert messages(plan, "A10") == [
        "The account stranger@example.org is not linked to anybody in Entra and holds a seat of "
        "Marketing, Sales. It is never touched."
    ]
    assert [(line.used_before, line.unmanaged) for line in plan.seats] == [(1, 1), (1, 1)]


def test_a_member_whose_account_is_gone_holds_nothing() -> None:
    w = world()
    w.settled("ana", "Sales Team")
    w.holdings.append(("Sales Team", "deleted long ago"))
    assert w.plan().operations == ()
    assert [line.used_before for line in w.plan().seats] == [0, 1]


def test_a14_a_set_added_by_hand_is_taken_back() -> None:
    w = world()
    w.settled("ana", "Sales Team")
    w.holdings.append(("Marketing Team", "acc-ana"))
    plan = w.plan()
    assert kinds(plan) == [("revoke", "ana")]
    assert plan.operations[0].after.sets == ("Sales Team",)
    assert plan.operations[0].frees == ("Marketing",)


@pytest.mark.parametrize("how", ["ana@example.org", "ANA@example.org", guid("ana")])
def test_a17_a_protected_user_is_in_no_operation(how: str) -> None:
    w = world(policy={"protected": [how]})
    w.account("ana", "Sales Team")
    w.person("ana", "Marketing Team", surname="New")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"A17"}


def test_a17_says_nothing_while_nothing_would_happen() -> None:
    w = world(policy={"protected": ["ana@example.org"]})
    w.settled("ana", "Sales Team")
    assert w.plan().findings == ()


def test_every_person_ends_in_exactly_one_situation_of_each_scope() -> None:
    from reconciler.order import in_order
    from reconciler.rules import decide
    from reconciler.sets import judge_sets
    from reconciler.subjects import know

    w = world()
    w.settled("ana", "Sales Team")
    w.person("bob", "Sales Team", "Both")
    w.account("cyd", "Both")
    w.person("cyd")
    snapshot, settings = in_order(w.snapshot()), w.settings()
    judged = judge_sets(
        settings.subscription_sets, snapshot.directory.reads, w.seats, snapshot.target.groups
    )
    decisions = decide(know(settings, snapshot, judged), allow_guests=False)
    by_person = dict(
        zip(
            snapshot.directory.people.sort_values("id")["userPrincipalName"],
            decisions[["user", "account"]].itertuples(index=False, name=None),
            strict=True,
        )
    )
    assert by_person == {
        "ana@example.org": ("", "A1"),
        "bob@example.org": ("U1", "A2"),
        "cyd@example.org": ("U3", "A1"),
    }
    assert not pd.isna(decisions).any(axis=None)
