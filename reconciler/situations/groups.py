"""Groups and subscription sets: the rules, first match first, and their texts.

A rule looks at one set (`SetCase`) and answers the facts that its text needs, or None. The first
of `FREEZING` that holds freezes the set, the first of `MEMBERS_UNKNOWN` that does keeps whoever
left another set as well; all of `NOTES` that hold are told.
"""

from collections.abc import Callable
from dataclasses import dataclass

from config.settings import SubscriptionSet
from reconciler.model.names import describe_difference, fault, fold
from reconciler.model.snapshot import GroupRead, KnownSet
from reconciler.situations.situation import ERROR, INFO, WARN, Default, Situation

Facts = dict[str, object]

PAUSED = "Paused"
"""Graph's membershipRuleProcessingState of a dynamic group whose members do not follow its rule."""


@dataclass(frozen=True)
class SetCase:
    """One configured set, and everything that is known about it.

    `known` is what the store remembers of it; `formerly` the name that it had before, `sharing`
    other sets that are bound to the same group. `bought` are the products of the inventory,
    `vendor_groups` counts the SCIM groups of exactly this name; one may be `pending`, which was
    accepted and is not visible yet, or `hidden`: the vendor has it and does not show it.
    """

    set: SubscriptionSet
    read: GroupRead
    known: KnownSet | None
    formerly: str
    sharing: tuple[str, ...]
    bought: frozenset[str]
    vendor_groups: int
    pending: bool
    hidden: bool

    @property
    def ids(self) -> str:
        return ", ".join(sorted(group.id for group in self.read.exact))


SetRule = Callable[[SetCase], Facts | None]


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
    """The configured id decides; without one, the group that was read the last time."""
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
    alike = sorted(g.name for g in case.read.near if fold(g.name) == fold(case.set.name))
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


MEMBERS_UNKNOWN: tuple[tuple[str, SetRule], ...] = (
    ("G7", _not_the_group_of_before),
    ("G3", _several_of_one_name),
    ("G8", _in_the_recycle_bin),
    ("G2", _named_a_little_otherwise),
    ("G1", _missing),
    ("R5", _hidden),
    ("R2", _read_in_part),
    ("G9", _rule_paused),
)
"""Nobody can say who is in such a set: whoever left another one may have moved into it, so absence
proves nothing. That is so whatever else freezes the set."""

FREEZING: tuple[tuple[str, SetRule], ...] = (
    ("G5", _name_cannot_be_synced),
    ("G10", _grants_nothing),
    ("G11", _product_not_bought),
    ("G17", _group_shared),
    ("G6", _pinned_group_renamed),
    *MEMBERS_UNKNOWN,
    ("G12", _not_ready_at_the_vendor),
    ("V3", _accepted_lately),
    ("V4", _not_shown),
)

NOTES: tuple[tuple[str, SetRule], ...] = (("G9", _unusual_type), ("G14", _renamed))

SITUATIONS = (
    Situation(
        "G1",
        ERROR,
        Default.FREEZE,
        "Group missing",
        'There is no Entra group "{name}". Nobody in the set was changed, nor whoever left another '
        "set, for they may be in this one.",
        "Create the group, correct the set's name, or take the set out of the configuration.",
    ),
    Situation(
        "G2",
        ERROR,
        Default.FREEZE,
        "Name differs a little",
        'Set "{name}" is not group "{other}": they differ at {difference}. '
        "Nobody in the set was changed, nor whoever left another set, for they may be in this one.",
        "Rename one of them; names must match exactly.",
    ),
    Situation(
        "G3",
        ERROR,
        Default.FREEZE,
        "Several groups of one name",
        'Several groups are named "{name}" ({ids}). Nobody in the set was changed, nor whoever '
        "left another set, for they may be in this one.",
        "Pin the right one with `group_id`, or rename the others.",
    ),
    Situation(
        "G4",
        WARN,
        Default.GO_ON,
        "Two names are easily confused",
        '"{name}" and "{other}" differ only in case or separators. The exact one was used.',
        "Rename one of them.",
    ),
    Situation(
        "G5",
        ERROR,
        Default.FREEZE,
        "Name cannot be synced",
        'Set "{name}" cannot be synced: {why}. Nobody in the set was changed.',
        "Allowed are 3 to 35 letters, digits, dots, hyphens and plain spaces.",
    ),
    Situation(
        "G6",
        ERROR,
        Default.FREEZE,
        "Group renamed",
        'The pinned group of set "{name}" is now called "{other}". Its members keep their seats.',
        "Rename the set at the vendor and here, or the group in Entra.",
    ),
    Situation(
        "G7",
        ERROR,
        Default.FREEZE,
        "Another group of the same name",
        'The group of set "{name}" is not the one of before; a group of that name has the id '
        "{ids}. Nobody in the set was changed, nor whoever left another set, for they may be in "
        "this one.",
        "Make sure that it is the right group, then pin it with `group_id`.",
    ),
    Situation(
        "G8",
        ERROR,
        Default.FREEZE,
        "Group deleted",
        'Group "{name}" was deleted{when} and is in the recycle bin. Nobody in the set was '
        "changed, nor whoever left another set, for they may be in this one.",
        "Restore it within 30 days of its deletion, or take the set out of the configuration.",
    ),
    Situation(
        "G9",
        WARN,
        Default.FREEZE,
        "Group of an unsuitable type",
        'Group "{name}": {why}.',
        "Resume the rule of a paused group: until then its set is left as it is. Other types are "
        "read as usual.",
    ),
    Situation(
        "G10",
        ERROR,
        Default.FREEZE,
        "Set grants nothing",
        'Set "{name}" has no products and is not an admin set. Nobody in it was changed.',
        "Give it at least one product.",
    ),
    Situation(
        "G11",
        ERROR,
        Default.FREEZE,
        "Product not bought",
        'Set "{name}" grants {products}, of which the seat inventory knows nothing. '
        "Nobody in the set was changed.",
        "Add the product to `seats`, or take it out of the set.",
    ),
    Situation(
        "G12",
        WARN,
        Default.FREEZE,
        "Set not ready at the vendor",
        'Set "{name}" is not ready at the vendor: {why}. Nobody in it was changed.',
        "Leave exactly one group of exactly this name there.",
    ),
    Situation(
        "G13",
        ERROR,
        Default.HOLD,
        "Set removed from the configuration",
        'Set "{name}" is not configured any more, and {count:user holds|users hold} its '
        "seats. Their revokes are held.",
        "Put the set back; or approve this plan. It is not applied by itself.",
    ),
    Situation(
        "G14",
        INFO,
        Default.GO_ON,
        "Set renamed",
        'Set "{other}" is now called "{name}": the same group is bound to it, and no seat changes.',
        "Give the set its new name at the vendor, too.",
    ),
    Situation(
        "G15",
        WARN,
        Default.GO_ON,
        "Product removed from a set",
        '{products} was removed from "{name}": {count:seat comes|seats come} free. '
        "Nobody is changed.",
        "Nothing, if the set was changed in the vendor's portal as well.",
    ),
    Situation(
        "G16",
        INFO,
        Default.GO_ON,
        "Product added to a set",
        '"{name}" now includes {products}, which its {count:member holds|members hold} '
        "from now on{shortage}.",
        "Buy the seats that are missing, if any are, before the vendor refuses the next grant.",
    ),
    Situation(
        "G17",
        ERROR,
        Default.FREEZE,
        "Two sets bound to one group",
        'Set "{name}" is bound to the same group as {others}; keep one. Nobody in them was '
        "changed.",
        "Take one of the sets out of the configuration, or pin another group.",
    ),
    Situation(
        "G18",
        WARN,
        Default.CARRY_OUT,
        "Set's group is created",
        'The vendor has no SCIM group "{name}", so one is created. Whether its portal has a '
        "subscription set of this name cannot be seen over SCIM: its seats were not verified "
        "there.",
        "Create the set in the portal first, with exactly this name and its products; after "
        "applying, look there whether its users have their seats.",
    ),
)
