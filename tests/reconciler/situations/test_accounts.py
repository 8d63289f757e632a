"""Situations of accounts at the vendor, one after the other, as a reader of a plan meets them."""

import pytest

from reconciler.model.known_sets import KnownSet
from reconciler.model.plan import Outcome
from support.worlds.world import MAIL, NEEDED_ROWS, World, codes, guid, kinds, messages

TEAMS = {"Sales Team": ["Sales"], "Marketing Team": ["Marketing"], "Both": ["Sales", "Marketing"]}


def world(**changes: object) -> World:
    return World(sets=TEAMS, seats={"Sales": 10, "Marketing": 10}, **changes)  # type: ignore[arg-type]


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


def test_without_a_mail_address_in_the_mapping_a_name_alone_links_nobody() -> None:
    w = world(mapping={**NEEDED_ROWS, "userName": "userPrincipalName"})
    w.settled("ana", "Sales Team")
    w.person("bob", "Sales Team")
    w.account("cyd", externalId=None)
    w.person("cyd", "Sales Team")
    plan = w.plan()
    assert kinds(plan) == [("create_account", "bob"), ("grant", "bob")]
    assert messages(plan, "A5") != []


def test_a8_two_accounts_of_one_name_are_two_whatever_their_mail_addresses() -> None:
    w = world()
    w.account("one", externalId=None, userName="ana@example.org")
    w.account("two", externalId=None, userName="Ana@example.org")
    w.person("ana", "Sales Team")
    assert w.plan().operations == ()
    assert messages(w.plan(), "A8") == ["2 accounts match ana@example.org. The user is left as is."]


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
    assert codes(w.plan()) == set()


def test_a5_an_unlinked_account_is_linked_when_name_and_mail_agree() -> None:
    w = world()
    w.account("ana", "Sales Team", externalId=None)
    ana = w.person("ana", "Sales Team")
    plan = w.plan()
    assert kinds(plan) == [("link", "ana")]
    assert plan.operations[0].after.attributes == {"externalId": ana}


def test_a5_an_empty_external_id_links_to_nobody() -> None:
    w = world()
    w.account("ana", "Sales Team", externalId="")
    w.person("ana", "Sales Team")
    assert kinds(w.plan()) == [("link", "ana")]


@pytest.mark.parametrize("attribute", ["userName", MAIL])
def test_whoever_wants_no_seat_is_not_looked_for_by_name_or_mail(attribute: str) -> None:
    w = world()
    theirs = {"userName": "other@example.org", MAIL: "other@example.org"}
    w.account("other", externalId=None, **{**theirs, attribute: "ana@example.org"})
    w.person("ana")
    assert codes(w.plan()) == {"A10"}


def test_a5_what_else_differs_is_an_update_of_its_own() -> None:
    w = world()
    w.account("ana", "Sales Team", externalId=None, **{"name.familyName": "Maiden"})
    w.person("ana", "Sales Team")
    reasons = [(str(operation.kind), operation.reason) for operation in w.plan().operations]
    assert reasons == [("link", "A5"), ("update_account", "A3")]


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
    w.person("bea", "Sales Team")  # renamed in Entra; their account still says ana
    w.person("ana", "Sales Team")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"A7"}
    assert len(messages(w.plan(), "A7")) == 2


def test_a7_swapped_names_freeze_both() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.account("bea", "Sales Team")
    w.person("ana", "Sales Team", userPrincipalName="bea@example.org")
    w.person("bea", "Sales Team", userPrincipalName="ana@example.org")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"A7"}


def test_a7_a_name_that_its_owner_is_about_to_give_up_freezes_both() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.account("zoe", "Sales Team")
    w.person("ana", "Sales Team", userPrincipalName="anna@example.org")
    w.person("zoe", "Sales Team", userPrincipalName="ana@example.org")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"A7"}
    assert len(messages(w.plan(), "A7")) == 2


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
    assert codes(w.plan()) == set()


def test_a1_an_account_that_is_right_is_left_alone_and_nothing_is_said() -> None:
    w = world()
    w.settled("ana", "Sales Team")
    assert w.plan().operations == ()
    assert codes(w.plan()) == set()


def nicknamed(**account: object) -> World:
    """Entra's default mapping was kept: the externalId is the nickname (the guide, step 1)."""
    w = world()
    w.account("ana", "Sales Team", **{"externalId": "ANA", **account})
    w.person("ana", "Sales Team")
    w.settled("bob", "Sales Team")
    return w


def test_a6_a_nickname_as_external_id_is_relinked_once_somebody_agrees() -> None:
    plan = nicknamed().plan()
    assert kinds(plan) == [("link", "ana")]
    assert plan.operations[0].before.attributes == {"externalId": "ANA"}
    assert plan.operations[0].after.attributes == {"externalId": guid("ana")}
    assert plan.operations[0].reason == "A6"
    assert [(v.code, v.outcome) for v in plan.objections] == [("A6", Outcome.HELD)]
    assert codes(plan) == {"A6"}


def test_a6_the_nickname_alone_is_no_proof() -> None:
    plan = nicknamed(**{MAIL: "other@example.org"}).plan()
    assert plan.operations == ()
    assert codes(plan) == {"A5"}


def test_a11_the_owner_s_case_decides_and_is_told_once() -> None:
    w = world()
    w.account("ana", "Sales Team")
    w.person("ana")
    w.settled("bob", "Sales Team")
    plan = w.plan()
    assert kinds(plan) == [("revoke", "ana"), ("deactivate_account", "ana")]
    assert codes(plan) == {"U3"}


def test_a12_an_account_that_was_deleted_by_hand_is_remade_once_somebody_agrees() -> None:
    w = world(links={guid("ana"): "acc-ana", guid("bob"): "acc-bob"})
    w.person("ana", "Sales Team")
    w.person("bob")  # had an account, too, and is not to have one
    plan = w.plan()
    assert kinds(plan) == [("create_account", "ana"), ("grant", "ana")]
    assert plan.operations[0].reason == "A12"
    assert [(v.code, v.outcome) for v in plan.objections] == [("A12", Outcome.HELD)]
    assert codes(plan) == {"A12"}


def last_activation_change(last: str | None, *held: str) -> World:
    w = world(activations={guid("ana"): last} if last else {})
    w.account("ana", *held, active=False)
    w.person("ana", "Sales Team")
    return w


@pytest.mark.parametrize(("last", "held"), [("created", ()), (None, ("Sales Team",))])
def test_a13_somebody_else_s_deactivation_is_undone_once(
    last: str | None, held: tuple[str, ...]
) -> None:
    plan = last_activation_change(last, *held).plan()
    assert kinds(plan)[0] == ("reactivate_account", "ana")
    assert plan.operations[0].reason == "A13"
    assert messages(plan, "A13")[0].endswith("It is reactivated this once.")


def test_a13_and_not_a_second_time() -> None:
    plan = last_activation_change("reactivated", "Sales Team").plan()
    assert plan.operations == ()
    assert messages(plan, "A13")[0].endswith("reactivated before, and is left as it is now.")


@pytest.mark.parametrize(
    ("last", "held"), [("deactivated", ()), ("deactivated", ("Sales Team",)), (None, ())]
)
def test_u12_what_we_deactivated_ourselves_comes_back(
    last: str | None, held: tuple[str, ...]
) -> None:
    plan = last_activation_change(last, *held).plan()
    assert plan.operations[0].reason == "U12"
    assert codes(plan) == {"U12"}


def admins(*leaving: str, staying: tuple[str, ...] = ()) -> World:
    w = World(
        sets={"Portal": ["Sales"], "Sales Team": ["Sales"]},
        seats={"Sales": 10},
        admins=("Portal",),
    )
    for name in leaving:
        w.account(name, "Portal")
        w.person(name)
    for name in staying:
        w.settled(name, "Portal")
    w.settled("zoe", "Sales Team")
    return w


def test_a15_the_last_admins_stay_and_the_plan_says_so() -> None:
    w = admins("ana", "bob")
    w.account("cyd", "Sales Team")
    w.person("cyd")
    plan = w.plan()
    assert kinds(plan) == [("revoke", "cyd"), ("deactivate_account", "cyd")]
    (verdict,) = (v for v in plan.objections if v.code == "A15")
    assert verdict.outcome is Outcome.BLOCKED
    assert "Left as they are: ana@example.org, bob@example.org." in verdict.message


def test_a15_another_active_admin_is_enough() -> None:
    assert ("revoke", "ana") in kinds(admins("ana", staying=("bob",)).plan())


def test_a15_an_inactive_admin_is_not() -> None:
    w = admins("ana", staying=("bob",))
    w.accounts["acc-bob"]["active"] = False
    assert ("revoke", "ana") not in kinds(w.plan())


def test_a15_an_admin_outside_entra_is_one_as_well() -> None:
    w = admins("ana")
    w.account("root", "Portal", externalId=None)
    assert ("revoke", "ana") in kinds(w.plan())


def test_a15_says_how_many_active_admins_there_would_be() -> None:
    w = admins("ana", staying=("bob", "cyd"))
    w.account("root", "Portal", externalId=None)
    w.account("former root", "Portal", externalId=None, active=False)
    w.accounts["acc-cyd"]["active"] = False  # comes back
    w.was_done("bob", ("Portal",), ())  # and somebody at the vendor gave it back
    w.account("dan", "Portal")
    w.person("dan", "Sales Team")
    (verdict,) = (v for v in w.plan().verdicts if v.code == "A15")
    assert {("revoke", "ana"), ("reactivate_account", "cyd"), ("move", "dan")} < {*kinds(w.plan())}
    # ana, bob, dan and root; bob, cyd and root.
    assert verdict.message == "4 active admins now, 3 after the plan; one is to be left."


def test_a15_an_admin_who_was_not_fully_read_may_not_be_one_for_long() -> None:
    w = admins()
    w.account("ana", "Portal")
    w.person("ana", accountEnabled=False)
    w.account("bob", "Portal")
    w.person("bob", "Sales Team")
    assert ("revoke", "ana") not in kinds(w.plan())
    w.reads["Sales Team"] = {"complete": False, "because": "a page is missing"}
    plan = w.plan()
    assert kinds(plan) == []
    (verdict,) = (v for v in plan.objections if v.code == "A15")
    assert "Left as they are: ana@example.org." in verdict.message


def test_a15_the_admins_of_a_set_that_is_configured_no_more_count_as_well() -> None:
    w = World(memory={"sets": {"Portal": KnownSet(("Sales",), admin=True)}})
    w.account("ana", "Portal")
    w.person("ana")
    assert w.plan().operations == ()
    assert "A15" in {verdict.code for verdict in w.plan().objections}


def test_a15_where_nobody_is_managed_nobody_is_spared() -> None:
    w = World(sets={"Portal": ["Sales"]}, admins=("Portal",))
    w.account("root", "Portal", externalId=None)
    assert "A15" not in {verdict.code for verdict in w.plan().objections}


def test_a15_moving_out_of_the_admins_counts_as_well() -> None:
    w = admins()
    w.account("ana", "Portal")
    w.person("ana", "Sales Team")
    assert "A15" in {verdict.code for verdict in w.plan().objections}
    assert w.plan().operations == ()


def test_a16_the_program_s_own_account_is_never_touched() -> None:
    w = world(vendor={"operator": "ANA@example.org"})
    w.account("ana", "Sales Team")
    w.person("ana", "Marketing Team")
    w.settled("bob", "Sales Team")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"A16"}


def test_a16_it_is_known_by_the_name_that_the_vendor_has_for_it() -> None:
    w = world(vendor={"operator": "ROBOT@example.org"})
    w.account("ana", "Sales Team", userName="robot@example.org")
    w.person("ana", "Marketing Team")
    assert w.plan().operations == ()
    assert codes(w.plan()) == {"A16"}


def test_a16_says_nothing_while_nothing_would_happen() -> None:
    w = world(vendor={"operator": "ana@example.org"})
    w.settled("ana", "Sales Team")
    assert codes(w.plan()) == set()
