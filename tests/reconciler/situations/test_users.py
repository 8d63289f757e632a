"""Situations of users in Entra, one after the other, as a reader of a plan meets them."""

import pytest

from support.worlds.world import MAIL, World, codes, guid, kinds, messages

TEAMS = {"Sales Team": ["Sales"], "Marketing Team": ["Marketing"], "Both": ["Sales", "Marketing"]}


BY_MAIL = {
    "userName": "mail",
    "externalId": "objectId",
    "active": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    "name.givenName": "givenName",
    "name.familyName": "surname",
}


def world(**changes: object) -> World:
    return World(sets=TEAMS, seats={"Sales": 10, "Marketing": 10}, **changes)  # type: ignore[arg-type]


def test_a_settled_user_has_no_operation_and_no_finding() -> None:
    w = world()
    w.settled("ana", "Sales Team")
    assert w.plan().operations == ()
    assert codes(w.plan()) == set()


def test_a2_a_new_member_gets_an_account_and_then_the_set() -> None:
    w = world()
    ana = w.person("ana", "Sales Team")
    plan = w.plan()
    assert kinds(plan) == [("create_account", "ana"), ("grant", "ana")]
    create, grant = plan.operations
    assert (create.before.exists, create.after.exists) == (False, True)
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


@pytest.mark.parametrize("presence", ["in the group", "out of it"])
def test_r4_who_is_not_told_to_be_enabled_gets_nothing_and_loses_nothing(presence: str) -> None:
    w = world()
    sets = ["Sales Team"] if presence == "in the group" else []
    w.person("new", *sets, accountEnabled=None)
    w.account("old", "Marketing Team")
    w.person("old", *sets, accountEnabled=None)
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"R4"}
    assert (
        "Entra does not tell whether old@example.org is enabled. The user is left as is."
        in messages(w.plan(), "R4")
    )


def test_r4_asks_nobody_for_a_permission_whose_user_is_gone_anyway() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.person("ana", "Sales Team", accountEnabled=None, presence="gone")
    assert codes(w.plan()) == {"U11"}


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
    assert plan.operations[1].needs == ()  # nobody keeps access because a group cannot be changed
    assert codes(plan) == {"U3"}


@pytest.mark.parametrize(
    ("code", "attribute"),
    [
        ("U9", {"accountEnabled": False}),
        ("U10", {"presence": "deleted"}),
        ("U11", {"presence": "gone"}),
    ],
)
def test_u9_u10_u11_disabled_and_deleted_users_are_deactivated_never_deleted(
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
def test_u4_u5_u13_who_may_get_no_seat_keeps_a_held_one(
    code: str, attribute: dict[str, object]
) -> None:
    w = world()
    w.person("new", "Sales Team", **attribute)
    w.account("old", "Sales Team")
    w.person("old", "Sales Team", **attribute)
    assert w.plan().operations == ()
    assert codes(w.plan()) == {code}
    assert len(messages(w.plan(), code)) == 2


BLANKS = ["", " ", "\u00a0", "\u3000\u2003", "\u200b", "\u00ad\ufe0f", " \u2060\t"]


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize(
    ("code", "name"), [("U4", "mail"), ("U5", "userPrincipalName"), ("U6", "surname")]
)
def test_u4_u5_u6_blank_text_is_no_text(code: str, name: str, blank: str) -> None:
    w = world()
    w.person("ana", "Sales Team", **{name: blank})
    plan = w.plan()
    assert codes(plan) == {code}
    assert all(blank not in (o.after.attributes or {}).values() for o in plan.operations)


@pytest.mark.parametrize("blank", [None, *BLANKS])
def test_u5_whatever_is_mapped_to_the_user_name_must_be_there(blank: str | None) -> None:
    w = world(mapping=BY_MAIL)
    w.person("ana", "Sales Team", mail=blank)
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"U5"}


@pytest.mark.parametrize(
    "mail",
    [
        " ana@example.org",
        "ana@example.org\u00a0",
        "ana@example.org; bea@example.org",
        "ana@example.org,bea@example.org",
        "ana@example.org bea@example.org",
        "ana@example.org\u3000",
        "ana@@example.org",
        "ana bea@example.org",
    ],
)
@pytest.mark.parametrize("mapped_to", ["mail", "userName"])
def test_u7_an_address_is_one_and_nothing_beside_it(mail: str, mapped_to: str) -> None:
    w = world(mapping=BY_MAIL if mapped_to == "userName" else {})
    w.person("ana", "Sales Team", mail=mail)
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"U7"}
    assert f'is not one name or address: "{mail}"' in messages(w.plan(), "U7")[0]


@pytest.mark.parametrize("name", [" ana", "ana\u00a0", "ana;bea@example.org"])
def test_u7_a_user_name_that_is_no_address_is_one_as_well(name: str) -> None:
    w = world(mapping={**BY_MAIL, "userName": "mailNickname"})
    w.person("ana", "Sales Team", mailNickname=name)
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"U7"}


def test_a_user_name_need_not_be_an_address() -> None:
    w = world(mapping={**BY_MAIL, "userName": "givenName"})
    w.person("ana", "Sales Team", givenName="Ana Maria")
    assert ("grant", "ana") in kinds(w.plan())


@pytest.mark.parametrize("mark", ["#EXT#", "#ext#", "#Ext#"])
def test_u13_an_external_name_makes_a_guest_too(mark: str) -> None:
    w = world()
    w.person("eve", "Sales Team", userPrincipalName=f"eve_out.org{mark}@example.org")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"U13"}


@pytest.mark.parametrize("kind", ["GUEST", "guest", " Guest", "Guest\u00a0"])
def test_u13_a_guest_is_one_however_it_is_written(kind: str) -> None:
    w = world()
    w.person("eve", "Sales Team", userType=kind)
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"U13"}


def test_guests_get_seats_where_policy_allows_it() -> None:
    w = world(policy={"allow_guests": True})
    w.person("eve", "Sales Team", userType="Guest")
    assert ("grant", "eve") in kinds(w.plan())


def test_u13_who_is_older_than_the_user_type_is_no_guest() -> None:
    """Entra has none for users from before August 2014."""
    w = world()
    w.person("ana", "Sales Team", userType=None)
    assert ("grant", "ana") in kinds(w.plan())


def test_u6_a_missing_surname_is_a_warning_and_no_obstacle() -> None:
    w = world()
    w.person("ana", "Sales Team", surname=None)
    plan = w.plan()
    assert codes(plan) == {"U6"}
    assert "name.familyName" not in (plan.operations[0].after.attributes or {})


@pytest.mark.parametrize("half", [{"givenName": None}, {"givenName": ""}, {"surname": ""}])
def test_u6_an_empty_name_is_as_good_as_none(half: dict[str, str | None]) -> None:
    w = world()
    w.person("ana", "Sales Team", **half)
    assert codes(w.plan()) == {"U6"}


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
    assert "that are not people: 2 (device, servicePrincipal)" in messages(plan, "U14")[0]
    assert 'Groups within "Sales Team": 1.' in messages(plan, "U15")[0]


@pytest.mark.parametrize("kind", ["agentUser", "someFutureUser"])
@pytest.mark.parametrize("holds", [(), ("Sales Team",), ("Marketing Team",)])
def test_u14_what_is_derived_from_user_gets_no_seat_and_keeps_a_held_one(
    kind: str, holds: tuple[str, ...]
) -> None:
    w = world()
    w.account("robot", *holds)
    w.members.append(("Sales Team", w.person("robot"), kind))
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"U14"}


def test_u14_a_member_who_is_no_user_is_not_gone_though_no_user_has_this_id() -> None:
    w = world()
    w.account("app", "Sales Team")
    w.members.append(("Sales Team", w.person("app", presence="gone"), "servicePrincipal"))
    assert w.plan().operations == ()


def test_u14_is_no_reason_to_keep_what_is_disabled() -> None:
    w = world()
    w.account("robot", "Sales Team")
    w.members.append(("Sales Team", w.person("robot", accountEnabled=False), "agentUser"))
    assert kinds(w.plan()) == [("revoke", "robot"), ("deactivate_account", "robot")]


def test_u14_does_not_hide_that_the_people_of_a_group_are_gone() -> None:
    w = world()
    w.settled("ana", "Marketing Team")
    w.account("bob", "Sales Team")
    w.person("bob")
    w.account("robot", "Sales Team")
    w.members.append(("Sales Team", w.person("robot"), "agentUser"))
    assert "R7" in {verdict.code for verdict in w.plan().verdicts if not verdict.passed}


def test_u15_of_groups_alone_nothing_else_is_said() -> None:
    w = world()
    w.members.append(("Sales Team", guid("inner"), "group"))
    assert codes(w.plan()) == {"U15"}


def test_u12_a_user_who_is_back_gets_the_old_account() -> None:
    w = world()
    w.account("ana", active=False)
    w.person("ana", "Sales Team")
    assert kinds(w.plan()) == [("reactivate_account", "ana"), ("grant", "ana")]


@pytest.mark.parametrize(
    ("attribute", "why"),
    [
        ({"surname": "Exa\u202emple"}, "name.familyName has U+202E right-to-left override at 4"),
        ({"givenName": "A\u200bna"}, "name.givenName has U+200B zero width space at 2"),
        ({"surname": "Exam\nple"}, "name.familyName has U+000A (control) at 5"),
        (
            {"givenName": "x" * 256, "surname": "x" * 257},
            "name.familyName has 257 characters, and 256 are allowed",
        ),
    ],
)
def test_u7_nothing_illegal_is_sent(attribute: dict[str, str], why: str) -> None:
    w = world()
    w.person("new", "Sales Team", **attribute)
    w.account("held", "Sales Team")
    w.person("held", "Sales Team", **attribute)
    plan = w.plan()
    assert plan.operations == ()
    assert [why in message for message in messages(plan, "U7")] == [True, True]


def test_u7_what_is_not_sent_is_not_judged() -> None:
    w = world()
    w.settled("ana", "Sales Team")
    w.people[guid("ana")]["surname"] = "Exam\nple"
    w.accounts["acc-ana"]["name.familyName"] = "Exam\nple"
    assert codes(w.plan()) == set()
    w.account("bob", "Sales Team")
    w.person("bob", surname="Exam\nple")
    assert ("revoke", "bob") in kinds(w.plan())


def test_names_of_any_script_are_legal() -> None:
    w = world()
    for name, surname in (("ana", "O\u2019Brien-Núñez"), ("bea", "محمد\u200cی"), ("cyd", "王")):
        w.person(name, "Sales Team", surname=surname)
    assert "U7" not in codes(w.plan())


def test_u16_a_user_who_is_listed_but_not_readable_is_left_as_is() -> None:
    w = world()
    w.account("ana", "Marketing Team")
    nothing = dict.fromkeys(
        ["userPrincipalName", "mail", "givenName", "surname", "accountEnabled", "userType"]
    )
    w.person("ana", "Sales Team", presence="uncertain", **nothing)
    w.account("bob", "Sales Team")
    w.person("bob", presence="uncertain", **nothing)
    assert w.plan().operations == ()
    assert len(messages(w.plan(), "U16")) == 2


def test_u16_what_was_told_earlier_of_the_unreadable_is_no_claim_on_an_account() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.person("ana", "Sales Team")
    w.person("bea", "Sales Team", presence="uncertain", userPrincipalName="ana@example.org")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"U16"}


def test_u17_who_comes_and_goes_is_left_until_it_settles() -> None:
    w = world(memory={"flapping": frozenset({guid("ana"), guid("bob"), guid("cyd")})})
    w.person("ana", "Sales Team")  # would be granted again
    w.settled("bob", "Sales Team")  # has what they should have
    w.account("cyd")
    w.person("cyd")  # is out of every set, and stays so
    plan = w.plan()
    assert kinds(plan) == [("deactivate_account", "cyd")]
    assert [finding.subject.name for finding in plan.findings if finding.code == "U17"] == [
        "ana@example.org"
    ]
