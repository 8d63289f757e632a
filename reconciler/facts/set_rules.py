"""Which situation a subscription set is in.

A condition looks at one set (`SetCase`). It returns the facts that its situation's text needs, or
None if it does not hold. The first one of `FREEZING` that holds freezes the set. The first one of
`MEMBERS_UNKNOWN` that holds also keeps users who left another set from any change. All of `NOTES`
that hold are reported.
"""

from collections.abc import Callable
from dataclasses import dataclass

from config.subscription_set import SubscriptionSet
from reconciler.model.group_names import describe_difference, fault, is_near_miss
from reconciler.model.group_read import GroupRead
from reconciler.model.known_sets import KnownSet
from reconciler.situations import groups, runs, vendor
from reconciler.situations.situation import Facts, Situation

PAUSED = "Paused"
"""Graph's membershipRuleProcessingState of a dynamic group whose members do not follow its rule."""


@dataclass(frozen=True)
class SetCase:
    """One configured set, and everything that is known about it.

    `known` is what the store remembers of it, `formerly` the name that it had before, `sharing`
    other sets that are bound to the same group. `bought` are the products of the inventory.
    `vendor_groups` counts the SCIM groups of exactly this name. `pending`: the vendor accepted one
    and does not show it yet. `hidden`: it says that it has one and does not show it.
    """

    set: SubscriptionSet
    read: GroupRead
    sharing: tuple[str, ...]
    bought: frozenset[str]
    known: KnownSet | None = None
    formerly: str = ""
    vendor_groups: int = 0
    pending: bool = False
    hidden: bool = False

    @property
    def ids(self) -> str:
        return ", ".join(sorted(group.id for group in self.read.exact))


Condition = Callable[[SetCase], Facts | None]
SetRule = tuple[Situation, Condition]


def _name_cannot_be_synced(case: SetCase) -> Facts | None:
    why = fault(case.set.name)
    return {"why": why} if why else None


def _grants_nothing(case: SetCase) -> Facts | None:
    return None if case.set.products or case.set.admin else {}


def _product_not_bought(case: SetCase) -> Facts | None:
    missing = [name for name in case.set.products if name not in case.bought]
    return {"products": ", ".join(missing)} if missing else None


def _group_shared(case: SetCase) -> Facts | None:
    return {"others": ", ".join(f'"{name}"' for name in case.sharing)} if case.sharing else None


def _pinned_group_renamed(case: SetCase) -> Facts | None:
    pinned = case.read.pinned
    return {"other": pinned.name} if pinned and pinned.name != case.set.name else None


def _not_the_group_of_before(case: SetCase) -> Facts | None:
    """A configured id decides; without one, the group that the last plan had."""
    if case.set.group_id:
        return {"ids": case.ids} if not case.read.pinned and case.ids else None
    before, now = case.known and case.known.group_id, case.read.group
    return {"ids": now.id} if before and now and now.id != before else None


def _several_of_one_name(case: SetCase) -> Facts | None:
    several = len(case.read.exact) > 1 and not case.read.pinned
    return {"ids": case.ids} if several else None


def _in_the_recycle_bin(case: SetCase) -> Facts | None:
    deleted = case.read.deleted
    if case.read.group or not deleted:
        return None
    return {"when": f" on {deleted.deleted_at:%Y-%m-%d}" if deleted.deleted_at else ""}


def _named_a_little_otherwise(case: SetCase) -> Facts | None:
    alike = sorted(g.name for g in case.read.near if is_near_miss(case.set.name, g.name))
    if case.read.group or not alike:
        return None
    return {"other": alike[0], "difference": describe_difference(case.set.name, alike[0])}


def _missing(case: SetCase) -> Facts | None:
    return None if case.read.group else {}


def _hidden(case: SetCase) -> Facts | None:
    return {} if case.read.hidden else None


def _read_in_part(case: SetCase) -> Facts | None:
    return None if case.read.complete else {"why": case.read.because}


def _rule_paused(case: SetCase) -> Facts | None:
    group = case.read.group
    paused = group is not None and group.rule_processing == PAUSED
    why = "its dynamic rule is paused, so its members are not up to date"
    return {"why": why} if paused else None


def _unusual_type(case: SetCase) -> Facts | None:
    group = case.read.group
    if group is None:
        return None
    odd = {
        "it is not security-enabled, as Entra's own provisioning requires": (
            group.security_enabled is False
        ),
        "directory roles can be assigned to it, so few people may change its members": (
            group.role_assignable is True
        ),
    }
    why = [reason for reason, applies in odd.items() if applies]
    return {"why": " and ".join(why)} if why else None


def _not_ready_at_the_vendor(case: SetCase) -> Facts | None:
    if case.vendor_groups > 1:
        return {"why": f"the vendor has {case.vendor_groups} SCIM groups of this name"}
    if case.formerly and not case.vendor_groups:
        return {"why": f'the vendor still calls it "{case.formerly}"'}
    return None


def _accepted_lately(case: SetCase) -> Facts | None:
    return {} if case.pending and not case.vendor_groups else None


def _not_shown(case: SetCase) -> Facts | None:
    return {} if case.hidden and not case.vendor_groups else None


def _renamed(case: SetCase) -> Facts | None:
    return {"other": case.formerly} if case.formerly else None


MEMBERS_UNKNOWN: tuple[SetRule, ...] = (
    (groups.ANOTHER_GROUP, _not_the_group_of_before),
    (groups.SEVERAL_GROUPS, _several_of_one_name),
    (groups.GROUP_DELETED, _in_the_recycle_bin),
    (groups.NAME_DIFFERS_A_LITTLE, _named_a_little_otherwise),
    (groups.GROUP_MISSING, _missing),
    (runs.HIDDEN_MEMBERSHIP, _hidden),
    (runs.GROUP_READ_IN_PART, _read_in_part),
    (groups.GROUP_TYPE_UNSUITABLE, _rule_paused),
)
"""The members of such a set are not known: users who left another set may have moved into it, so
their absence proves nothing. This holds whatever else freezes the set.
"""

FREEZING: tuple[SetRule, ...] = (
    (groups.NAME_NOT_SYNCABLE, _name_cannot_be_synced),
    (groups.SET_GRANTS_NOTHING, _grants_nothing),
    (groups.PRODUCT_NOT_BOUGHT, _product_not_bought),
    (groups.GROUP_SHARED, _group_shared),
    (groups.GROUP_RENAMED, _pinned_group_renamed),
    *MEMBERS_UNKNOWN,
    (groups.SET_NOT_READY, _not_ready_at_the_vendor),
    (vendor.NOT_VISIBLE_YET, _accepted_lately),
    (vendor.NOT_SHOWN, _not_shown),
)

NOTES: tuple[SetRule, ...] = (
    (groups.GROUP_TYPE_UNSUITABLE, _unusual_type),
    (groups.SET_RENAMED, _renamed),
)
