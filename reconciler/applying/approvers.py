"""Which approvals count, and how many people gave them."""

import re
from collections.abc import Iterator, Mapping

from config.policy import Policy
from reconciler.model.approval import Approval, SignIn
from reconciler.model.confusable_characters import BLANK
from reconciler.model.group_names import looks
from reconciler.model.plan import Plan

UNATTENDED = "policy.auto_apply"
"""The account of an approval that no person gave."""

SignIns = Mapping[Approval, SignIn | None]
"""The approvals of a plan, oldest first, and what their tokens proved; None without a token."""

_BLANKS = re.compile(f"[{BLANK}]")


def folded(account: str) -> str:
    """The same text for accounts that people take for one another: case, width, look-alikes."""
    return _BLANKS.sub("", looks(looks(account).casefold()))


def is_unattended(account: str) -> bool:
    """Whether this is `UNATTENDED`, which no person may be called, however it is written."""
    return folded(account) == UNATTENDED


def newest_of_each(approvals: SignIns) -> tuple[Approval, ...]:
    """The newest approval of each person.

    A person is an object id where they signed in, else an account, on whatever host. An approval
    without a token, from an account that somebody signed in from, counts for no further person.
    """
    proven = {a: one.object_id for a, one in approvals.items() if one and not one.fault}
    signed_in = {folded(a.by.account) for a in proven}
    people: dict[str, Approval] = {}
    for approval in approvals:
        account = folded(approval.by.account)
        if approval in proven:
            people[f"oid {proven[approval].lower()}"] = approval
        elif account not in signed_in:
            people[f"account {account}"] = approval
    return tuple(people.values())


def why_not_enough(plan: Plan, approval: Approval, policy: Policy) -> str:
    """Why this approval, without a sign-in, lets no plan pass by itself; "" if it does."""
    if policy.approvals > 1:
        return f"policy.approvals is {policy.approvals}"
    return dict(discounted(plan, {approval: None}, policy)).get(approval, "")


def discounted(plan: Plan, approvals: SignIns, policy: Policy) -> Iterator[tuple[Approval, str]]:
    """The approvals that do not count, and why."""
    for approval, sign_in in approvals.items():
        if why := _doubt(plan, approval, sign_in, policy):
            yield approval, why


def _doubt(plan: Plan, approval: Approval, sign_in: SignIn | None, policy: Policy) -> str:
    account = folded(approval.by.account)
    if sign_in and sign_in.fault:
        return sign_in.fault
    if not account:
        return "it names nobody"
    if account == UNATTENDED:
        return "" if policy.auto_apply and not plan.objections else "a person has to look at it"
    if policy.approval != "command" and not sign_in:
        return "policy.approval asks for a sign-in"
    if policy.approval == "sign_in" and approval.weaker:
        return "policy.approval asks for a sign-in in a browser, which is bound to the plan"
    if policy.approvers and not _listed(account, sign_in, policy):
        return "policy.approvers does not list who gave it"
    return ""


def _listed(account: str, sign_in: SignIn | None, policy: Policy) -> bool:
    """Whether `policy.approvers` lists the account's name, where an approval needs no sign-in, or
    the object id of the person who signed in, or of a group of theirs.
    """
    ids = {sign_in.object_id, *sign_in.groups} if sign_in else set()
    names = {account} if policy.approval == "command" else set()
    may = {folded(one) for one in policy.approvers}
    return not may.isdisjoint(names | {folded(one) for one in ids})
