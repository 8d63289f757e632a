"""Whose approvals count, and for how many people."""

from dataclasses import replace

import pytest
from msgspec import structs

from config.policy import Policy
from reconciler.applying.approvers import (
    UNATTENDED,
    SignIns,
    discounted,
    is_unattended,
    newest_of_each,
    why_not_enough,
)
from reconciler.applying.preconditions import approvers
from reconciler.model.approval import Approval, Identity, SignIn
from reconciler.model.plan import Plan
from support.worlds.world import NOW, World

PLAN = World().plan()
HELD = World(vendor={"managed_through_idp": False}).plan()
ANA = Approval(PLAN.id, PLAN.digest, Identity("ana", "build7"), "meant", NOW)
ANAS_ID, BOBS_ID, ADMINS = "0A-ana", "0b-bob", "0c-admins"


def by(account: str, host: str = "build7") -> Approval:
    return replace(ANA, by=Identity(account, host))


def signed_in(account: str, object_id: str, *groups: str) -> tuple[Approval, SignIn]:
    approval = replace(ANA, by=Identity(account, "h", object_id, "ana@x"), id_token=object_id)
    return approval, SignIn(object_id, frozenset(groups))


@pytest.mark.parametrize(
    "account",
    [
        "ana",
        "ANA",
        " a n a ",
        "\uff21na",  # a wide A
        "\u0430na",  # Cyrillic
        "\u0410NA",
        "a\u200bna",
        "an\u2800a",  # Braille without a dot
    ],
)
@pytest.mark.parametrize("host", ["build7", "elsewhere"])
def test_one_account_is_one_person_however_it_is_written_and_on_any_host(
    account: str, host: str
) -> None:
    again = by(account, host)
    assert newest_of_each(dict.fromkeys([ANA, again])) == (again,)


@pytest.mark.parametrize(
    "account", [UNATTENDED, "Policy.Auto_Apply ", "p\u043elicy.aut\u043e_apply"]
)
def test_no_person_may_be_called_as_what_approves_unattended(account: str) -> None:
    assert is_unattended(account)
    assert not is_unattended(f"{account}s")


def test_two_accounts_are_two_people() -> None:
    assert len(newest_of_each(dict.fromkeys([ANA, by("bob"), by("ana2")]))) == 3


def test_who_signed_in_is_one_by_the_object_id_alone() -> None:
    given = [signed_in("ana", ANAS_ID), signed_in("root", ANAS_ID.lower())]
    assert len(newest_of_each(dict(given))) == 1
    assert len(newest_of_each(dict([*given, signed_in("root", BOBS_ID)]))) == 2


def test_nobody_is_two_people_by_signing_in_once() -> None:
    """Neither is an object id that no token proves."""
    given: SignIns = dict([signed_in("Ana", ANAS_ID)]) | {ANA: None}
    assert len(newest_of_each(given)) == 1
    claimed = [signed_in("root", object_id)[0] for object_id in (ANAS_ID, BOBS_ID)]
    assert len(newest_of_each(dict.fromkeys(claimed))) == 1


def doubts(
    one: Approval, sign_in: SignIn | None = None, plan: Plan = PLAN, **policy: object
) -> list[str]:
    given = {one: sign_in}
    settings = Policy.model_validate(policy)
    found = [why for _, why in discounted(plan, given, settings)]
    assert bool(found) != bool(approvers(plan, given, settings))
    return found


def test_anybody_counts_where_nobody_is_listed() -> None:
    assert doubts(ANA) == []


def test_policy_approvers_lists_accounts_as_they_are_read() -> None:
    assert doubts(by("\u0410na"), approvers=["bob", "ANA"]) == []
    assert doubts(ANA, approvers=["bob"]) == ["policy.approvers does not list who gave it"]


@pytest.mark.parametrize("listed", [ANAS_ID.lower(), ADMINS.upper()])
def test_policy_approvers_lists_object_ids_of_people_and_groups(listed: str) -> None:
    approval, sign_in = signed_in("root", ANAS_ID, ADMINS)
    for approval_by in ("command", "sign_in"):
        assert doubts(approval, sign_in, approvers=[listed], approval=approval_by) == []
        assert doubts(approval, sign_in, approvers=[BOBS_ID], approval=approval_by)


def test_an_account_is_no_sign_in() -> None:
    approval, sign_in = signed_in("ana", ANAS_ID)
    assert doubts(approval, sign_in, approvers=["ana"]) == []
    assert doubts(approval, sign_in, approvers=["ana"], approval="sign_in")
    assert doubts(ANA, approval="sign_in") == ["policy.approval asks for a sign-in"]
    assert doubts(approval, approval="sign_in") == ["policy.approval asks for a sign-in"]


@pytest.mark.parametrize("approval_by", ["command", "sign_in"])
def test_a_token_that_proves_nothing_lets_nothing_pass(approval_by: str) -> None:
    approval, _ = signed_in("ana", ANAS_ID)
    assert doubts(approval, SignIn(fault="it is forged"), approval=approval_by) == ["it is forged"]


def test_a_device_code_counts_only_where_policy_takes_it() -> None:
    approval, sign_in = signed_in("ana", ANAS_ID)
    weaker = replace(approval, weaker=True)
    bound = "policy.approval asks for a sign-in in a browser, which is bound to the plan"
    assert doubts(weaker, sign_in, approval="sign_in") == [bound]
    assert doubts(weaker, sign_in, approval="device_code") == []
    assert doubts(ANA, approval="device_code") == ["policy.approval asks for a sign-in"]


@pytest.mark.parametrize("account", ["", " ", "\u200b"])
def test_nobody_approves_nothing(account: str) -> None:
    assert doubts(by(account)) == ["it names nobody"]


@pytest.mark.parametrize("account", [UNATTENDED, "Policy.Auto_Apply", "p\u043elicy.auto_apply"])
def test_what_no_person_approved_counts_where_policy_says_so_and_no_guard_objects(
    account: str,
) -> None:
    held = World(policy={"max_revokes": 0, "max_revoke_percent": 0})
    held.account("ana", "Sales Team")
    held.person("ana")
    assert doubts(by(account), auto_apply=True) == []
    assert doubts(by(account)) == ["a person has to look at it"]
    assert doubts(by(account), plan=held.plan(), auto_apply=True) == ["a person has to look at it"]


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        ({}, ""),
        ({"approvers": ["ana"]}, ""),
        ({"approvals": 2}, "policy.approvals is 2"),
        ({"approvers": ["bob"]}, "policy.approvers does not list who gave it"),
        ({"approval": "sign_in"}, "policy.approval asks for a sign-in"),
    ],
)
def test_one_word_is_enough_only_where_policy_asks_for_no_more(
    policy: dict[str, object], why: str
) -> None:
    assert why_not_enough(PLAN, ANA, Policy.model_validate(policy)) == why


def test_what_no_person_approved_is_enough_only_for_a_plan_without_objections() -> None:
    policy = Policy(auto_apply=True)
    assert why_not_enough(PLAN, by(UNATTENDED), policy) == ""
    held = structs.replace(PLAN, verdicts=HELD.verdicts)
    assert why_not_enough(held, by(UNATTENDED), policy) == "a person has to look at it"
