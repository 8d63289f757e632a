"""Guards over accounts: new and last admins, and changes that need a person's approval."""

from collections.abc import Iterator, Sequence

from config.policy import Policy
from reconciler.model.phrasing import Plural, named
from reconciler.model.plan import Verdict
from reconciler.planning.consequences import Admins, Consequences
from reconciler.situations import guard_failed, guard_passed
from reconciler.situations.accounts import ACCOUNT_DELETED, LAST_ADMIN, LINKED_BY_NICKNAME
from reconciler.situations.runs import MANY_NEW_ADMINS
from reconciler.situations.users import SEAT_RECLAIMED


def new_admins(policy: Policy, admins: Admins) -> Verdict:
    """R10: in 7 days more would become admins than the limit, or their number would double."""
    limit = policy.max_admin_grants
    now, before = len(admins.active), len(admins.active - admins.lately)
    altogether = len(admins.new.keys() | admins.lately)
    if admins.new and (altogether > limit or (before and altogether >= before)):
        return guard_failed(
            MANY_NEW_ADMINS,
            count=len(admins.new),
            users=named(sorted(admins.new.values())),
            before=now,
            altogether=altogether,
            limit=limit,
        )
    return guard_passed(
        MANY_NEW_ADMINS,
        f"{Plural(len(admins.new)):user becomes an admin|users become admins}, {now} are; with the "
        f"last 7 days that is {altogether}, and the limit is {Plural(limit):admin|admins}.",
        count=altogether if admins.new else 0,
        limit=limit,
    )


def last_admin(exempted: Sequence[str], admins: Admins) -> Verdict:
    """A15: `exempted` are the names of admins who stay only because none would be left."""
    if exempted:
        return guard_failed(LAST_ADMIN, name=named(sorted(exempted)))
    now = f"{Plural(len(admins.active) + admins.outside):active admin|active admins}"
    left = len(admins.left) + admins.outside
    return guard_passed(LAST_ADMIN, f"{now} now, {left} after the plan; one is to be left.")


def reclaimed_seats(would: Consequences) -> Iterator[Verdict]:
    """U21: seats that are taken back because nobody uses them, once a person approves."""
    if taken := Plural(would.reasons[SEAT_RECLAIMED.code]):
        yield guard_failed(SEAT_RECLAIMED, name=f"{taken:user|users}", held="each is named")


def consented_accounts(would: Consequences) -> Iterator[Verdict]:
    """A6 and A12: accounts that are linked anew or created again once a person approves."""
    if relinked := Plural(would.reasons[LINKED_BY_NICKNAME.code]):
        accounts, users = f"{relinked:account|accounts}", f"{relinked:user|users}"
        yield guard_failed(LINKED_BY_NICKNAME, name=users, user_name=accounts)
    if recreated := Plural(would.reasons[ACCOUNT_DELETED.code]):
        yield guard_failed(ACCOUNT_DELETED, name=f"{recreated:user|users}")
